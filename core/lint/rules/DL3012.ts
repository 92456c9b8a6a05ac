/** DL3012: more than one HEALTHCHECK in a stage. */

import { repeatedInStages } from '../in-stages.ts';
import type { Rule } from '../rule.ts';

export const DL3012: Rule = {
  id: 'DL3012',
  family: 'hadolint',
  severity: 'error',
  naruSeverity: 'warning',
  message: 'several HEALTHCHECK instructions: only the last one takes effect',
  why: 'A container has one health check. The earlier ones are dead text that somebody may still believe in.',
  examples: {
    bad: ['FROM debian:12\nHEALTHCHECK CMD ["a"]\nHEALTHCHECK CMD ["b"]'],
    good: ['FROM debian:12\nHEALTHCHECK CMD ["b"]'],
  },
  supersededBy: 'MultipleInstructionsDisallowed',
  check(context, report) {
    for (const { keywordSpan } of repeatedInStages(context, 'HEALTHCHECK')) report({ span: keywordSpan });
  },
};
