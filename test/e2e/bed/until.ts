/** Waits for a condition in the editor, never for time. */

/** How long a single step may take on a busy machine. */
export const STEP_MS = 60_000;

/** The first answer of `look` that is not undefined; throws with `what` when there is none in time. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined>,
  timeoutMs = STEP_MS,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`no ${what} after ${timeoutMs} ms`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
