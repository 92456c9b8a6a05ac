/** DL4003: more than one CMD in a stage. */

import { repeatedInStages } from '../in-stages.ts';
import type { Rule } from '../rule.ts';

export const DL4003: Rule = {
  id: 'DL4003',
  family: 'hadolint',
  severity: 'warning',
  message: 'several CMD instructions: only the last one takes effect',
  why: 'An image has one default command. The earlier ones are dead text that somebody may still believe in.',
  examples: {
    bad: ['FROM debian:12\nCMD ["a"]\nCMD ["b"]'],
    good: ['FROM debian:12\nCMD ["b"]'],
  },
  supersededBy: 'MultipleInstructionsDisallowed',
  check(context, report) {
    for (const { keywordSpan } of repeatedInStages(context, 'CMD')) report({ span: keywordSpan });
  },
};
