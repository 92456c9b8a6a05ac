/** StageNameCasing: a stage name with capital letters. */

import type { Rule } from '../rule.ts';
import { isReservedStageName } from './ReservedStageName.ts';

export const StageNameCasing: Rule = {
  id: 'StageNameCasing',
  family: 'buildkit',
  severity: 'warning',
  message: 'Stage names should be lowercase',
  why: 'Docker compares stage names without case and stores them in lower case, so other spellings only confuse.',
  examples: {
    bad: ['FROM debian:12 AS Build'],
    good: ['FROM debian:12 AS build'],
  },
  check({ dockerfile }, report) {
    for (const { from } of dockerfile.stages) {
      const { line, stageName } = from;
      if (stageName === undefined || stageName.text === stageName.text.toLowerCase()) continue;
      const text = stageName.text.toLowerCase();
      const fix = { title: 'Write it in lower case', edits: [{ span: stageName.span, text }] };
      report({
        span: stageName.span,
        toolLine: line,
        message: `Stage name '${stageName.text}' should be lowercase`,
        ...(isReservedStageName(text) ? {} : { fix }),
      });
    }
  },
};
