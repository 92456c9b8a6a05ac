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
    for (const { name, keywordSpan } of dockerfile.preamble) {
      if (name !== 'ARG' && name !== 'UNKNOWN') report({ span: keywordSpan });
    }
  },
};
