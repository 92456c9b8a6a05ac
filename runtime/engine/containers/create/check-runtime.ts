/** `--runtime`: crun alone runs containers; the names that docker's own runtime goes by are taken for it, as scripts hold them. */

import { NaruError } from '../../../../core/errors.ts';

const KNOWN: ReadonlySet<string> = new Set(['', 'crun', 'runc', 'io.containerd.runc.v2']);

/** @throws NaruError "invalid-argument" in the words of dockerd 28.5.2 */
export function checkRuntime(name: string | undefined): void {
  if (name === undefined || KNOWN.has(name)) return;
  throw new NaruError('invalid-argument', 'E_RUNTIME', `unknown or invalid runtime name: ${name}`);
}
