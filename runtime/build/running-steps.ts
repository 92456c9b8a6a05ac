/**
 * The steps that run now, in any build of the engine: who needs the result of one waits for it, and looks it up then, instead of running it as well.
 * Its output is theirs, too, from when they came.
 * A step that fails, or is cancelled with its build, is run by one of those that waited.
 */

import type { Digest } from '../../core/oci/digest.ts';

/** What a step writes while it runs. */
export type StepOutput = (stream: 'stdout' | 'stderr', text: string) => void;

interface RunningStep {
  readonly end: Promise<void>;
  readonly followers: Set<StepOutput>;
}

/** One per engine. By the key that the step's record will have. */
export class RunningSteps {
  readonly #steps = new Map<Digest, RunningStep>();

  /** Fulfilled when the step that runs under this key has ended, however; undefined when none does. `onOutput` is told what it writes until then. @throws the signal's reason when it aborts before */
  end(key: Digest | undefined, signal: AbortSignal, onOutput: StepOutput): Promise<void> | undefined {
    const step = key === undefined ? undefined : this.#steps.get(key);
    if (step === undefined) return undefined;
    step.followers.add(onOutput);
    return orAborted(step.end, signal).finally(() => step.followers.delete(onOutput));
  }

  /** Runs a step that nobody else runs; without a key nobody waits for it. Its record must be there when it ends; `tell` is for those that wait. */
  async run<T>(key: Digest | undefined, execute: (tell: StepOutput) => Promise<T>): Promise<T> {
    if (key === undefined) return execute(() => undefined);
    let ended = (): void => undefined;
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const followers = new Set<StepOutput>();
    this.#steps.set(key, { end, followers });
    try {
      return await execute((stream, text) => {
        for (const follow of followers) follow(stream, text);
      });
    } finally {
      this.#steps.delete(key);
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
