/** Which USER holds where: instructions of a stage run as the USER before them, or as that of the stage below. */

import type { Instruction, Stage, Word } from '../dockerfile/types.ts';
import { unquoted } from './quotes.ts';
import type { LintContext } from './rule.ts';
import { parentStages } from './stage-graph.ts';

/** The USER before each RUN of a stage; those without one are missing. */
export function usersInForce(context: LintContext): ReadonlyMap<Instruction, Word> {
  const parents = context.once(parentStages);
  const last = new Map<Stage, Word>();
  const users = new Map<Instruction, Word>();
  for (const { instruction, stage } of context.instructions('FROM', 'RUN', 'USER')) {
    if (stage === undefined) continue;
    const parent = parents.get(stage);
    let user = last.get(instruction.name === 'FROM' && parent !== undefined ? parent : stage);
    if (user !== undefined && instruction.name === 'RUN') users.set(instruction, user);
    if (instruction.name === 'USER') user = instruction.value ?? user;
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
