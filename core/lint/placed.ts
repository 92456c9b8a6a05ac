/** The instructions of a file with the stages they stand in, and by their names: a rule walks only those it is about. */

import type { Dockerfile, Instruction, Stage } from '../dockerfile/types.ts';

/** An instruction that may have this name; `COPY` answers what COPY and ADD share. */
export type InstructionNamed<Name extends Instruction['name']> = Instruction extends infer Kind
  ? Kind extends { readonly name: infer Own }
    ? [Own & Name] extends [never]
      ? never
      : Kind
    : never
  : never;

export interface Placed<Kind extends Instruction = Instruction> {
  readonly instruction: Kind;
  /** Undefined before the first FROM. */
  readonly stage: Stage | undefined;
}

/** All of them in file order, ONBUILD not unwrapped. */
export function placedInstructions({ preamble, stages }: Dockerfile): readonly Placed[] {
  const placed: Placed[] = preamble.map((instruction) => ({ instruction, stage: undefined }));
  for (const stage of stages) {
    placed.push({ instruction: stage.from, stage });
    for (const instruction of stage.instructions) placed.push({ instruction, stage });
  }
  return placed;
}

/** Answers those with one of the names, in file order. Lists are made once. */
export function byName<Item extends Placed>(
  items: readonly Item[],
): (names: readonly Instruction['name'][]) => readonly Item[] {
  // One bit for each name: a list of several is picked without looking at the items.
  const bits = new Map<string, number>();
  const kinds = items.map(({ instruction: { name } }) => {
    const known = bits.get(name) ?? 1 << bits.size;
    bits.set(name, known);
    return known;
  });
  const lists = new Map<number, readonly Item[]>();
  return (names) => {
    const wanted = names.reduce((mask, name) => mask | (bits.get(name) ?? 0), 0);
    const known = lists.get(wanted);
    if (known !== undefined) return known;
    const list: Item[] = [];
    for (let at = 0; at < kinds.length; at += 1) {
      const item = items[at];
      if (((kinds[at] ?? 0) & wanted) !== 0 && item !== undefined) list.push(item);
    }
    lists.set(wanted, list);
    return list;
  };
}
