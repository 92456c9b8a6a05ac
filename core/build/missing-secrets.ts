/** Secrets that a RUN cannot do without and was not given. */

import { NaruError } from '../errors.ts';

import type { RunMount } from './ops.ts';

/** One error for each, in BuildKit's words: a build stops with the first. `given` has the ids of `--secret`. */
export function missingSecrets(
  mounts: readonly RunMount[],
  given: Pick<ReadonlySet<string>, 'has'>,
): readonly NaruError[] {
  return mounts.flatMap((mount) =>
    mount.kind === 'secret' && mount.isRequired && !given.has(mount.id)
      ? [new NaruError('invalid-argument', 'E_SECRET', `secret ${mount.id}: not found`)]
      : [],
  );
}
