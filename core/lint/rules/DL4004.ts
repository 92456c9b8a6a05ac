/** DL4004: more than one ENTRYPOINT in a stage. */

import { repeatedInStages } from '../in-stages.ts';
import type { Rule } from '../rule.ts';

export const DL4004: Rule = {
  id: 'DL4004',
  family: 'hadolint',
  severity: 'error',
  naruSeverity: 'warning',
  message: 'several ENTRYPOINT instructions: only the last one takes effect',
  why: 'An image has one entrypoint. The earlier ones are dead text that somebody may still believe in.',
  examples: {
    bad: ['FROM debian:12\nENTRYPOINT ["a"]\nENTRYPOINT ["b"]'],
    good: ['FROM debian:12\nENTRYPOINT ["b"]'],
  },
  supersededBy: 'MultipleInstructionsDisallowed',
  check(context, report) {
    for (const { keywordSpan } of repeatedInStages(context, 'ENTRYPOINT')) report({ span: keywordSpan });
  },
};
