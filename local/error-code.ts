/** `ENOENT`, `EEXIST` …: what the system calls an error; of a NaruError, its own code. */

/** @returns an empty string for what has none */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Nothing is under that path, or not any more. */
export function isGone(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error));
}
