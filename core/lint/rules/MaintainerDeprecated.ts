/** MaintainerDeprecated: MAINTAINER. */

import { authorsLabel } from '../authors-label.ts';
import type { Rule } from '../rule.ts';

export const MaintainerDeprecated: Rule = {
  id: 'MaintainerDeprecated',
  family: 'buildkit',
  severity: 'warning',
  message: 'The MAINTAINER instruction is deprecated, use a label instead to define an image author',
  why: 'The instruction sets a field that only few tools show. A label says the same and can be queried.',
  examples: {
    bad: ['FROM debian:12\nMAINTAINER someone'],
    good: ['FROM debian:12\nLABEL org.opencontainers.image.authors="someone"'],
  },
  aliases: ['DL4000'],
  check({ instructions }, report) {
    for (const { instruction } of instructions('MAINTAINER')) {
      const fix = authorsLabel(instruction);
      report({
        span: instruction.keywordSpan,
        toolLine: instruction.line,
        message: 'Maintainer instruction is deprecated in favor of using label',
        ...(fix === undefined ? {} : { fix }),
      });
    }
  },
};
