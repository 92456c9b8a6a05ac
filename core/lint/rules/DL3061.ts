/** DL3061: an instruction before the first FROM. */

import { misplacedInstructions } from '../../dockerfile/stages.ts';
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
    for (const [at, { keywordSpan: span }] of misplacedInstructions(dockerfile.preamble).entries()) {
      // Of the first one the reader itself says that no builder takes the file (E_BEFORE_FROM).
      report(at === 0 ? { span, only: 'tool' } : { span });
    }
  },
};
