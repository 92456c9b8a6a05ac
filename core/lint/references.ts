/** Where the instructions of a file name a stage, an image or a named context, with the stage they stand in. */

import { type StageReference, stageReferences } from '../dockerfile/stage-references.ts';
import type { Instruction, Stage } from '../dockerfile/types.ts';
import type { LintContext } from './rule.ts';

export interface PlacedReference extends StageReference {
  readonly instruction: Instruction;
  readonly stage: Stage | undefined;
}

/** In file order; ONBUILD is the matter of another file. For `context.once`. */
export function references({ instructions }: LintContext): readonly PlacedReference[] {
  const found: PlacedReference[] = [];
  for (const { instruction, stage } of instructions('FROM', 'COPY', 'RUN')) {
    if (instruction.name !== 'FROM' && instruction.flags.length === 0) continue;
    for (const { name, span } of stageReferences(instruction)) found.push({ name, span, instruction, stage });
  }
  return found;
}

/** What the instructions of each stage name, its FROM and triggers left out. For `context.once`. */
export function namedInStages({ once }: LintContext): ReadonlyMap<Stage | undefined, readonly string[]> {
  const names = new Map<Stage | undefined, string[]>();
  for (const { instruction, name, stage } of once(references)) {
    if (instruction.name === 'FROM') continue;
    const known = names.get(stage);
    if (known === undefined) names.set(stage, [name]);
    else known.push(name);
  }
  return names;
}

/** What the ONBUILDs of each stage leave for the stages on top of it. For `context.once`. */
export function stageTriggers({
  instructions,
}: LintContext): ReadonlyMap<Stage | undefined, readonly Instruction[]> {
  const triggers = new Map<Stage | undefined, Instruction[]>();
  for (const { instruction, stage } of instructions('ONBUILD')) {
    if (stage === undefined || instruction.trigger === undefined) continue;
    triggers.set(stage, [...(triggers.get(stage) ?? []), instruction.trigger]);
  }
  return triggers;
}
