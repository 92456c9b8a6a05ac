/** DL4000: MAINTAINER. */

import { authorsLabel } from '../authors-label.ts';
import type { Rule } from '../rule.ts';

export const DL4000: Rule = {
  id: 'DL4000',
  family: 'hadolint',
  severity: 'error',
  naruSeverity: 'warning',
  message: 'MAINTAINER is deprecated, use a label',
  why: 'The instruction sets a field that only few tools show. A label says the same and can be queried.',
  examples: {
    bad: ['FROM debian:12\nMAINTAINER someone'],
    good: ['FROM debian:12\nLABEL org.opencontainers.image.authors="someone"'],
  },
  supersededBy: 'MaintainerDeprecated',
  check({ instructions }, report) {
    for (const { instruction } of instructions('MAINTAINER')) {
      const fix = authorsLabel(instruction);
      report({ span: instruction.keywordSpan, ...(fix === undefined ? {} : { fix }) });
    }
  },
};
