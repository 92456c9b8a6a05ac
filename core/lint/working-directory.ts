/** Which steps run in a directory that the file has chosen: by a WORKDIR before them, or in the stage below. */

import type { Instruction, Stage } from '../dockerfile/types.ts';
import { unquoted } from './quotes.ts';
import type { LintContext } from './rule.ts';
import { parentStages } from './stage-graph.ts';

/** The RUNs of stages behind a WORKDIR other than `/`. What an image has set is not known. */
export function runsInDirectory(context: LintContext): ReadonlySet<Instruction> {
  const parents = context.once(parentStages);
  const moved = new Set<Stage>();
  const runs = new Set<Instruction>();
  for (const { instruction, stage } of context.instructions('FROM', 'RUN', 'WORKDIR')) {
    if (stage === undefined) continue;
    const parent = instruction.name === 'FROM' ? parents.get(stage) : undefined;
    if (parent !== undefined && moved.has(parent)) moved.add(stage);
    if (instruction.name === 'RUN' && moved.has(stage)) runs.add(instruction);
    if (instruction.name !== 'WORKDIR') continue;
    if (/^\/+$/.test(unquoted(instruction.value?.text ?? ''))) moved.delete(stage);
    else moved.add(stage);
  }
  return runs;
}
