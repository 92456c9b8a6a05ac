/** Instructions of which a stage obeys the last one only. */

import type { Instruction, Stage } from '../dockerfile/types.ts';
import type { InstructionNamed } from './placed.ts';
import type { LintContext } from './rule.ts';

/** Of each stage the last one, in the order of the stages; stages without one are missing. */
export function lastInStages<Name extends Instruction['name']>(
  { instructions }: LintContext,
  name: Name,
): ReadonlyMap<Stage, InstructionNamed<Name>> {
  const last = new Map<Stage, InstructionNamed<Name>>();
  for (const { instruction, stage } of instructions(name)) {
    if (stage !== undefined) last.set(stage, instruction);
  }
  return last;
}

/** All but the first of each stage, in file order. */
export function repeatedInStages<Name extends Instruction['name']>(
  { instructions }: LintContext,
  name: Name,
): readonly InstructionNamed<Name>[] {
  const seen = new Set<Stage>();
  return instructions(name).flatMap(({ instruction, stage }) => {
    if (stage === undefined) return [];
    const isFirst = !seen.has(stage);
    seen.add(stage);
    return isFirst ? [] : [instruction];
  });
}
