/** A full disk, or a used-up quota, in one sentence: what the system says of it names the call that met it (`ENOSPC: copy_file_range`). */

import { NaruError } from '../../core/errors.ts';

/** Undefined for every other error. */
export function diskFullError(error: unknown): NaruError | undefined {
  if (!isDiskFull(error)) return undefined;
  const message = "no space left on device: the file system of the engine's root is full";
  const hint =
    'free some space there: naru system df shows what takes it, naru system prune removes what nobody uses';
  return new NaruError('unavailable', 'E_DISK_FULL', message, { hint, cause: error });
}

/** Errors of a worker thread come without their code. */
function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof NaruError) return false;
  return /^(?:ENOSPC|EDQUOT)\b/.test(error.message);
}
