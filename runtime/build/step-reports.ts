/** What a running build says of its steps. */

import type { Vertex } from '../../core/build/types.ts';
import type { StepState } from '../../core/protocol/build.ts';

export type StepOutput = (stream: 'stdout' | 'stderr', text: string) => void;

/** Of one step, told by whoever runs it. */
export interface StepFollower {
  readonly begin: () => void;
  readonly output: StepOutput;
}

export interface SolveEvents {
  onBegin(vertex: Vertex): void;
  onStep(vertex: Vertex, state: StepState, seconds: number, bytes: number): void;
  onOutput(vertex: Vertex, stream: 'stdout' | 'stderr', text: string): void;
  /** What was found in a cache from elsewhere could not be used. */
  onWarning(vertex: Vertex, message: string): void;
}

/** Each step is told once: one whose files are elsewhere only when it is settled that it does not run after all. */
export class StepReports {
  readonly #events: SolveEvents;
  readonly #open = new Map<Vertex, number>();

  constructor(events: SolveEvents) {
    this.#events = events;
  }

  begin(vertex: Vertex): void {
    this.#open.delete(vertex);
    if (!vertex.isImplicit) this.#events.onBegin(vertex);
  }

  followerOf(vertex: Vertex): StepFollower {
    return {
      begin: () => this.begin(vertex),
      output: (stream, text) => this.#events.onOutput(vertex, stream, text),
    };
  }

  /** @returns what the step came to */
  end<S extends { readonly state: StepState }>(vertex: Vertex, step: S, seconds: number, bytes: number): S {
    if (!vertex.isImplicit) this.#events.onStep(vertex, step.state, seconds, bytes);
    return step;
  }

  /** Found, with so many bytes; `settle` says it, unless it begins to run. */
  foundElsewhere(vertex: Vertex, bytes: number): void {
    this.#open.set(vertex, bytes);
  }

  /** Its files are here. Without a vertex: what is still open now is needed by nobody. */
  settle(vertex?: Vertex): void {
    for (const [found, bytes] of this.#open) {
      if (vertex !== undefined && vertex !== found) continue;
      this.#open.delete(found);
      this.end(found, { state: 'CACHED' }, 0, bytes);
    }
  }
}

/** To the millisecond; `began` is of `performance.now()`. */
export function secondsSince(began: number): number {
  return Math.round(performance.now() - began) / 1000;
}
