/** DL3063: a stage named like something of Docker. */

import type { Rule } from '../rule.ts';

export const DL3063: Rule = {
  id: 'DL3063',
  family: 'hadolint',
  severity: 'warning',
  message: 'a stage cannot be called scratch or context',
  why: '`scratch` is the empty image and `context` the build context. A stage of that name is never reached by it.',
  examples: {
    bad: ['FROM debian:12 AS scratch'],
    good: ['FROM debian:12 AS base'],
  },
  supersededBy: 'ReservedStageName',
  check({ dockerfile }, report) {
    for (const { from } of dockerfile.stages) {
      if (from.stageName === undefined || !/^(?:scratch|context)$/i.test(from.stageName.text)) continue;
      report({ span: from.stageName.span, toolLine: from.line });
    }
  },
};
