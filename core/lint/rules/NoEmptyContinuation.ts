/** NoEmptyContinuation: an empty line between the continued lines of an instruction. */

import type { Dockerfile, Instruction } from '../../dockerfile/types.ts';
import type { Rule } from '../rule.ts';

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
      const [first] = instruction.emptyContinuationLines;
      if (first === undefined) continue;
      const { lines } = dockerfile;
      const edits = instruction.emptyContinuationLines.map(({ start }) => {
        const line = lines.positionAt(start).line;
        return { span: { start: lines.lineSpan(line).start, end: lines.lineSpan(line + 1).start }, text: '' };
      });
      report({
        span: first,
        toolLine: lastContinuedLine(dockerfile, instruction),
        message: 'Empty continuation line',
        fix: { title: 'Remove empty lines', edits },
      });
    }
  },
};

/** BuildKit names the last line it joined, also when that is an empty one. */
function lastContinuedLine({ lines }: Dockerfile, instruction: Instruction): number {
  const lastEmpty = instruction.emptyContinuationLines.at(-1)?.start ?? 0;
  return lines.positionAt(Math.max(instruction.rest.span.end, lastEmpty)).line;
}
