/** Which USER holds where: instructions of a stage run as the USER before them, or as that of the stage below. */

import type { Dockerfile, Instruction, Word } from '../dockerfile/types.ts';
import { unquoted } from './quotes.ts';
import { parentStages } from './stage-graph.ts';

/** The USER before each instruction of a stage; instructions without one are missing. */
export function usersInForce(dockerfile: Dockerfile): ReadonlyMap<Instruction, Word> {
  const parents = parentStages(dockerfile);
  const last = new Map<unknown, Word>();
  const users = new Map<Instruction, Word>();
  for (const stage of dockerfile.stages) {
    let user = last.get(parents.get(stage));
    for (const instruction of stage.instructions) {
      if (user !== undefined) users.set(instruction, user);
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
