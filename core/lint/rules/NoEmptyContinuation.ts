/** NoEmptyContinuation: an empty line between the continued lines of an instruction. */

import type { Dockerfile, Instruction } from '../../dockerfile/types.ts';
import type { Rule } from '../rule.ts';
import { swallowedInstructions } from '../swallowed.ts';

export const NoEmptyContinuation: Rule = {
  id: 'NoEmptyContinuation',
  family: 'buildkit',
  severity: 'warning',
  message: 'Empty continuation lines will become errors in a future release',
  why: 'Docker still joins the lines around it and means to stop doing so. A line with only a comment is fine.',
  examples: {
    bad: ['FROM debian:12\nRUN true \\\n\n  && true'],
    good: ['FROM debian:12\nRUN true \\\n  && true'],
  },
  check({ dockerfile }, report) {
    for (const instruction of dockerfile.instructions) {
      const first = instruction.emptyContinuationLines.at(0);
      if (first === undefined) continue;
      const { lines } = dockerfile;
      const edits = instruction.emptyContinuationLines.map(({ start }) => {
        const line = lines.positionAt(start).line;
        return { span: { start: lines.lineSpan(line).start, end: lines.lineSpan(line + 1).start }, text: '' };
      });
      // Without the empty line the one below would only look more as if it belonged here.
      const isSwallowing = swallowedInstructions(dockerfile, instruction).length > 0;
      report({
        span: first,
        toolLine: lastContinuedLine(dockerfile, instruction),
        message: 'Empty continuation line',
        ...(isSwallowing ? {} : { fix: { title: 'Remove empty lines', edits } }),
      });
    }
  },
};

/** BuildKit names the last line it read for the instruction, also when that is an empty one or a comment. */
function lastContinuedLine({ comments, instructions, lines }: Dockerfile, instruction: Instruction): number {
  const { emptyContinuationLines, rest } = instruction;
  const end = instructions[instructions.indexOf(instruction) + 1]?.span.start ?? Number.POSITIVE_INFINITY;
  const trailing = comments.findLast(
    ({ isInsideInstruction, span }) => isInsideInstruction && span.start < end,
  );
  const last = [rest.span.end, emptyContinuationLines.at(-1)?.start ?? 0, trailing?.span.start ?? 0];
  return lines.positionAt(Math.max(...last)).line;
}
