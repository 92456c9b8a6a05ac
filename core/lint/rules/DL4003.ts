/** DL4003: more than one CMD in a stage. */

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
  check({ dockerfile }, report) {
    for (const { instructions } of dockerfile.stages) {
      const found = instructions.filter(({ name }) => name === 'CMD');
      for (const { keywordSpan } of found.slice(1)) report({ span: keywordSpan });
    }
  },
};
