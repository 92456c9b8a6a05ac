/** NR111: flags of a health check that is switched off. */

import { removedFlag } from '../removed-flag.ts';
import type { Rule } from '../rule.ts';

export const NR111: Rule = {
  id: 'NR111',
  family: 'naru',
  severity: 'info',
  message: 'NONE switches the check off, so this flag has no effect',
  why: 'HEALTHCHECK NONE takes the check of the base image away. There is nothing left that an interval or a number of tries could apply to.',
  examples: {
    bad: ['FROM debian:12\nHEALTHCHECK --interval=5s NONE'],
    good: ['FROM debian:12\nHEALTHCHECK NONE'],
  },
  check({ dockerfile, instructions }, report) {
    for (const { instruction } of instructions('HEALTHCHECK')) {
      if (instruction.type?.text.toUpperCase() !== 'NONE') continue;
      for (const flag of instruction.flags) {
        report({ span: flag.span, fix: removedFlag(dockerfile.text, flag) });
      }
    }
  },
};
