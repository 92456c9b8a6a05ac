/**
 * Groups instructions into the preamble and the stages, and reports what BuildKit refuses about the file as a whole.
 */

import type { Problem } from '../source.ts';
import type { Dockerfile, FromInstruction, Instruction, Stage } from './types.ts';

export type GroupedStages = Pick<Dockerfile, 'preamble' | 'stages'>;

/** Every FROM begins a stage, also one that is wrong. Only ARG may stand before the first; the first other instruction is reported. */
export function groupStages(
  instructions: readonly Instruction[],
  text: string,
  problems: Problem[],
): GroupedStages {
  const preamble: Instruction[] = [];
  const stages: { from: FromInstruction; instructions: Instruction[] }[] = [];
  for (const instruction of instructions) {
    const stage = stages.at(-1);
    if (instruction.name === 'FROM') stages.push({ from: instruction, instructions: [] });
    else if (stage === undefined) preamble.push(instruction);
    else stage.instructions.push(instruction);
  }
  reportFile(instructions, preamble, stages.length, text, problems);
  return {
    preamble,
    stages: stages.map(({ from, instructions: own }, index): Stage => {
      return { index, name: from.stageName?.text, from, instructions: own };
    }),
  };
}

/** What stands before the first FROM and may not; nothing after a FROM that is only misspelt. */
export function misplacedInstructions(preamble: readonly Instruction[]): readonly Instruction[] {
  const first = preamble.findIndex((one) => one.name === 'UNKNOWN' && one.meant === 'FROM');
  const outside = first === -1 ? preamble : preamble.slice(0, first);
  return outside.filter(({ name }) => name !== 'ARG' && name !== 'UNKNOWN');
}

function reportFile(
  instructions: readonly Instruction[],
  preamble: readonly Instruction[],
  nStages: number,
  text: string,
  problems: Problem[],
): void {
  const misplaced = misplacedInstructions(preamble)[0];
  const last = text.endsWith('\n') ? text.length - 1 : text.length;
  const end = { start: last, end: last };
  const hint = 'begin with FROM <image>';
  if (instructions.length === 0) {
    const message = text === '' ? 'the Dockerfile cannot be empty' : 'file with no instructions';
    problems.push({ code: 'E_EMPTY_FILE', severity: 'error', message, span: end, hint });
  } else if (misplaced !== undefined) {
    const message = 'no build stage in current context';
    const span = misplaced.keywordSpan;
    problems.push({
      code: 'E_BEFORE_FROM',
      severity: 'error',
      message,
      span,
      hint: 'only ARG may stand before the first FROM',
    });
  } else if (nStages === 0 && preamble.every(({ name }) => name === 'ARG')) {
    const message = 'dockerfile contains no stages to build';
    problems.push({ code: 'E_NO_STAGE', severity: 'error', message, span: end, hint });
  }
}
