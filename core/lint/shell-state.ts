/** What SHELL last said, for each place of a file: it ends with its stage, and a stage starts with what held at the end of the stage it stands on. */

import type { Stage } from '../dockerfile/types.ts';
import type { LintContext } from './rule.ts';
import { parentStages } from './stage-graph.ts';

/** To be told of FROM and SHELL in file order. */
export class ShellState<T> {
  readonly #parents: ReadonlyMap<Stage, Stage>;
  readonly #last = new Map<Stage, { readonly value: T }>();
  #stage: Stage | undefined;
  #now: T;

  /** `initial`: before the first FROM. */
  constructor(parents: ReadonlyMap<Stage, Stage>, initial: T) {
    this.#parents = parents;
    this.#now = initial;
  }

  get now(): T {
    return this.#now;
  }

  /** `initial`: of a stage that stands on no other. */
  enter(stage: Stage | undefined, initial: T): void {
    this.#stage = stage;
    const parent = stage === undefined ? undefined : this.#parents.get(stage);
    const below = parent === undefined ? undefined : this.#last.get(parent);
    this.set(below === undefined ? initial : below.value);
  }

  set(value: T): void {
    this.#now = value;
    if (this.#stage !== undefined) this.#last.set(this.#stage, { value });
  }
}

/** The stages that hand their SHELL on. Where hadolint is followed there are none: it forgets SHELL at each FROM. */
export function handingStages({ once, followsHadolint }: LintContext): ReadonlyMap<Stage, Stage> {
  return followsHadolint ? new Map() : once(parentStages);
}
