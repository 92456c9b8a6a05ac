/** Fetches a page from a container that has just been started: a server needs a moment before it listens. */

/** @throws Error when nothing answers within 10 seconds */
export async function fetchPage(url: string): Promise<string> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
      if (response.ok) return await response.text();
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`nothing answers at ${url}`, { cause: error });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
