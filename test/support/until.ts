/** Waiting for a condition, with a deadline: tests never sleep for a fixed time. */

import { setTimeout as delay } from 'node:timers/promises';

/** Asks again until the answer is neither false nor undefined; fails naming what it waited for. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | false | undefined> | T | false | undefined,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer !== false && answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await delay(25);
  }
}
