/** Waits for a client that reads slower than we write, and leaves no listener behind, however often. */

import type { Writable } from 'node:stream';

/** Resolves when `out` takes more, or is gone: who writes on looks which. */
export function writableAgain(out: Writable): Promise<void> {
  return new Promise((resolve) => {
    const events = ['drain', 'close', 'error'] as const; // an error is a client that left
    function settle(): void {
      for (const event of events) out.off(event, settle);
      resolve();
    }
    for (const event of events) out.once(event, settle);
  });
}
