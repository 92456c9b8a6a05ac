/** SSH agents that a RUN cannot do without and was not given. */

import { NaruError } from '../errors.ts';

import type { RunMount } from './ops.ts';

/** One error for each, in BuildKit's words: a build stops with the first. `given` has the ids of `--ssh`. */
export function missingAgents(
  mounts: readonly RunMount[],
  given: Pick<ReadonlySet<string>, 'has'>,
): readonly NaruError[] {
  return mounts.flatMap((mount) =>
    mount.kind === 'ssh' && mount.isRequired && !given.has(mount.id) ? [missingAgent(mount.id)] : [],
  );
}

function missingAgent(id: string): NaruError {
  return new NaruError('invalid-argument', 'E_SSH_MOUNT', `unset ssh forward key ${id}`, {
    hint: `give the build an SSH agent: --ssh ${id}`,
  });
}
