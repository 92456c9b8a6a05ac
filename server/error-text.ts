/** What the log says of a mistake of ours. */

/** With the stack, where there is one. */
export function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
