/** Which USER holds where: instructions of a stage run as the USER before them, or as that of the stage below. */

import type { Instruction, Word } from '../dockerfile/types.ts';
import { unquoted } from './quotes.ts';
import type { LintContext } from './rule.ts';
import { parentStages } from './stage-graph.ts';

/** The USER before each RUN of a stage; those without one are missing. */
export function usersInForce(context: LintContext): ReadonlyMap<Instruction, Word> {
  const parents = context.once(parentStages);
  const last = new Map<unknown, Word>();
  const users = new Map<Instruction, Word>();
  for (const stage of context.dockerfile.stages) {
    let user = last.get(parents.get(stage));
    for (const instruction of stage.instructions) {
      if (user !== undefined && instruction.name === 'RUN') users.set(instruction, user);
      if (instruction.name === 'USER' && instruction.value !== undefined) user = instruction.value;
    }
    if (user !== undefined) last.set(stage, user);
  }
  return users;
}

/** A user that is surely not root: a literal name or number. */
export function isOrdinaryUser({ text }: Word): boolean {
  const name = unquoted(text);
  return (
    /^[\w.-]+(?::[\w.-]+)?$/.test(name) && !/^(?:root|0+)(?::|$)/.test(name) && !/^Container/i.test(name)
  );
}
