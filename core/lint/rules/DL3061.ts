/** DL3061: an instruction before the first FROM. */

import type { Rule } from '../rule.ts';

export const DL3061: Rule = {
  id: 'DL3061',
  family: 'hadolint',
  severity: 'error',
  message: 'only ARG may stand before the first FROM',
  why: 'There is no image yet that the instruction could change, so Docker refuses the file.',
  examples: {
    bad: ['LABEL a=b\nFROM debian:12'],
    good: ['ARG VERSION=12\nFROM debian:$VERSION'],
  },
  check({ dockerfile }, report) {
    const misplaced = dockerfile.preamble.filter(({ name }) => name !== 'ARG' && name !== 'UNKNOWN');
    for (const [at, { keywordSpan: span }] of misplaced.entries()) {
      // Of the first one the reader itself says that no builder takes the file (E_BEFORE_FROM).
      report(at === 0 ? { span, only: 'tool' } : { span });
    }
  },
};
