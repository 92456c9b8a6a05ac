/** A full disk, or a used-up quota, in one sentence: what the system says of it names the call that met it (`ENOSPC: copy_file_range`). */

import { NaruError } from '../../core/errors.ts';

/** Undefined for every other error. */
export function diskFullError(error: unknown): NaruError | undefined {
  return isDiskFull(error) ? diskFull(error) : undefined;
}

/** For an error that is known to be one. */
export function diskFull(cause: unknown): NaruError {
  const hint =
    "free some space on the file system of the engine's root: naru system df shows what takes it, naru system prune removes what nobody uses";
  return new NaruError('unavailable', 'E_DISK_FULL', 'no space left on device', { hint, cause });
}

/** Errors of a worker thread come without their code. */
function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof NaruError) return false;
  return /^(?:ENOSPC|EDQUOT)\b/.test(error.message);
}
