/** DL3043: ONBUILD with an instruction that cannot be a trigger. */

import type { Rule } from '../rule.ts';

export const DL3043: Rule = {
  id: 'DL3043',
  family: 'hadolint',
  severity: 'error',
  message: 'ONBUILD, FROM and MAINTAINER cannot be triggered by ONBUILD',
  why: 'Docker refuses such a trigger, at the latest when another file builds on the image.',
  examples: {
    bad: ['FROM debian:12\nONBUILD FROM debian:11'],
    good: ['FROM debian:12\nONBUILD RUN make'],
  },
  supersededBy: 'E_ONBUILD_TRIGGER',
  check({ instructions }, report) {
    for (const { instruction } of instructions('ONBUILD')) {
      if (instruction.trigger === undefined) continue;
      const { keyword, keywordSpan } = instruction.trigger;
      if (!/^(?:onbuild|from|maintainer)$/i.test(keyword)) continue;
      report({ span: keywordSpan, toolLine: instruction.line });
    }
  },
};
