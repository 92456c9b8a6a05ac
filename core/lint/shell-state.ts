/** What a rule knows of the SHELL in force: it ends with its stage, and a stage starts with what held at the end of the stage it stands on. */

import type { ShellInstruction, Stage } from '../dockerfile/types.ts';
import type { LintContext } from './rule.ts';
import { parentStages } from './stage-graph.ts';

/** To be fed with FROM and SHELL in file order. */
export interface ShellState {
  from(stage: Stage | undefined): void;
  shell(instruction: ShellInstruction, stage: Stage | undefined): void;
  /** What the last SHELL in force came to; false without one. */
  holds(): boolean;
}

/** `test` says it of one SHELL. Where hadolint is followed, FROM forgets it: hadolint knows no stage below. */
export function shellState(
  { once, followsHadolint }: LintContext,
  test: (instruction: ShellInstruction) => boolean,
): ShellState {
  const parents = once(parentStages);
  const last = new Map<Stage, boolean>();
  let isTrue = false;
  return {
    from(stage) {
      const parent = stage === undefined || followsHadolint ? undefined : parents.get(stage);
      isTrue = parent !== undefined && last.get(parent) === true;
      if (stage !== undefined) last.set(stage, isTrue);
    },
    shell(instruction, stage) {
      isTrue = test(instruction);
      if (stage !== undefined) last.set(stage, isTrue);
    },
    holds: () => isTrue,
  };
}
