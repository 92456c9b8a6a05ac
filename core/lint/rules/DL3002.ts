/** DL3002: the last USER of a stage is root. */

import { lastInStages } from '../in-stages.ts';
import { unquoted } from '../quotes.ts';
import type { Rule } from '../rule.ts';

export const DL3002: Rule = {
  id: 'DL3002',
  family: 'hadolint',
  severity: 'warning',
  message: 'the last USER should not be root',
  why: 'Whatever runs in the container runs with the rights of the last USER. As root, a fault in the program is a fault with all rights inside the container.',
  examples: {
    bad: ['FROM debian:12\nUSER root'],
    good: ['FROM debian:12\nUSER root\nRUN apt-get update\nUSER 1000'],
  },
  check(context, report) {
    for (const { value } of lastInStages(context, 'USER').values()) {
      if (value === undefined || !/^(?:root|0)(?::|$)/.test(unquoted(value.text))) continue;
      report({ span: value.span });
    }
  },
};
