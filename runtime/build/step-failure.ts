/** How a build says which of its steps failed. */

import type { Vertex } from '../../core/build/types.ts';

/** A step failed; `vertex` says which. `cause` is what it threw. */
export class StepFailure extends Error {
  readonly vertex: Vertex;

  constructor(vertex: Vertex, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'StepFailure';
    this.vertex = vertex;
  }
}
