/**
 * The steps that run now, in any build of the engine: who needs the result of one waits for it, and looks it up then, instead of running it as well.
 * A step that fails, or is cancelled with its build, is run by one of those that waited.
 */

import type { Digest } from '../../core/oci/digest.ts';

/** One per engine. By the key that the step's record will have. */
export class RunningSteps {
  readonly #ends = new Map<Digest, Promise<void>>();

  /** Fulfilled when the step that runs under this key has ended, however; undefined when none does. @throws the signal's reason when it aborts before */
  end(key: Digest | undefined, signal: AbortSignal): Promise<void> | undefined {
    const end = key === undefined ? undefined : this.#ends.get(key);
    return end === undefined ? undefined : orAborted(end, signal);
  }

  /** Runs a step that nobody else runs; without a key nobody waits for it. Its record must be there when it ends. */
  async run<T>(key: Digest | undefined, execute: () => Promise<T>): Promise<T> {
    if (key === undefined) return execute();
    let ended = (): void => undefined;
    this.#ends.set(
      key,
      new Promise((resolve) => {
        ended = resolve;
      }),
    );
    try {
      return await execute();
    } finally {
      this.#ends.delete(key);
      ended();
    }
  }
}

function orAborted(end: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const left = (): void => reject(signal.reason as Error); // what the build was aborted with
    signal.addEventListener('abort', left, { once: true });
    void end.then(() => {
      signal.removeEventListener('abort', left);
      resolve();
    });
    if (signal.aborted) left();
  });
}
