/** MultipleInstructionsDisallowed: a second CMD, ENTRYPOINT or HEALTHCHECK in a stage. */

import { type EvaluatedInstruction, evaluated } from '../evaluation.ts';
import type { Rule } from '../rule.ts';

export const MultipleInstructionsDisallowed: Rule = {
  id: 'MultipleInstructionsDisallowed',
  family: 'buildkit',
  severity: 'warning',
  message: 'Multiple instructions of the same type should not be used in the same stage',
  why: 'Only the last one takes effect. The earlier ones, which are marked, are dead text.',
  examples: {
    bad: ['FROM debian:12\nCMD ["a"]\nCMD ["b"]'],
    good: ['FROM debian:12\nCMD ["b"]'],
  },
  aliases: ['DL3012', 'DL4003', 'DL4004'],
  check(context, report) {
    const last = new Map<string, EvaluatedInstruction>();
    for (const step of evaluated(context, 'CMD', 'ENTRYPOINT', 'HEALTHCHECK')) {
      const { keyword, name } = step.instruction;
      const key = `${step.stage.index} ${name}`;
      const earlier = last.get(key);
      last.set(key, step);
      if (earlier === undefined) continue;
      report({
        span: earlier.instruction.keywordSpan,
        toolLine: earlier.at.line,
        silencedAt: step.instruction,
        message: `Multiple ${keyword} instructions should not be used in the same stage because only the last one will be used`,
      });
    }
  },
};
