/** `ENOENT`, `EEXIST` …: what the system calls an error. */

/** @returns an empty string for what came from no system call */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
