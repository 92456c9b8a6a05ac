/**
 * The steps that run now, in any build of the engine: who needs the result of one waits for it, and looks it up then, instead of running it as well.
 * Its output is theirs, too, from when they came.
 * A step that fails, or is cancelled with its build, is run by one of those that waited.
 */

import type { Digest } from '../../core/oci/digest.ts';
import type { StepFollower, StepOutput } from './step-reports.ts';

interface RunningStep {
  readonly end: Promise<void>;
  readonly followers: Set<StepFollower>;
}

/** One per engine. By the key that the step's record will have. */
export class RunningSteps {
  readonly #steps = new Map<Digest, RunningStep>();

  /** Fulfilled when the step that runs under this key has ended, however; undefined when none does. `follower` is told that it runs, and what it writes until then. @throws the signal's reason when it aborts before */
  end(key: Digest | undefined, signal: AbortSignal, follower: StepFollower): Promise<void> | undefined {
    const step = key === undefined ? undefined : this.#steps.get(key);
    if (step === undefined) return undefined;
    follower.begin();
    step.followers.add(follower);
    return orAborted(step.end, signal).finally(() => step.followers.delete(follower));
  }

  /** Runs a step that nobody else runs; without a key nobody waits for it. Its record must be there when it ends. What is said to `say` is told to `follower` and to those that wait. */
  async run<T>(
    key: Digest | undefined,
    follower: StepFollower,
    execute: (say: StepOutput) => Promise<T>,
  ): Promise<T> {
    if (key === undefined) return execute(follower.output);
    let ended = (): void => undefined;
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const followers = new Set([follower]);
    this.#steps.set(key, { end, followers });
    try {
      return await execute((stream, text) => {
        for (const { output } of followers) output(stream, text);
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
