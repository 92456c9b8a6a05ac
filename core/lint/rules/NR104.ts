/** NR104: a mode that chmod does not know. */

import { parseChmod } from '../../context/chmod.ts';
import type { Rule } from '../rule.ts';

export const NR104: Rule = {
  id: 'NR104',
  family: 'naru',
  severity: 'error',
  message: 'not a mode: write 755 or u=rwX,go=rX',
  why: 'The mode is an octal number up to 7777, or symbolic as for chmod. Anything else ends the build.',
  examples: {
    bad: ['FROM debian:12\nCOPY --chmod=rwx run.sh /'],
    good: ['FROM debian:12\nCOPY --chmod=755 run.sh /'],
  },
  check({ instructions }, report) {
    for (const { instruction } of instructions('COPY', 'ADD')) {
      for (const { name, value = '', span, valueSpan } of instruction.flags) {
        if (name !== 'chmod' || value === '' || value.includes('$')) continue;
        if (parseChmod(value) === undefined) report({ span: valueSpan ?? span });
      }
    }
  },
};
