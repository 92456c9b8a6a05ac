/** DL3065: FROM --platform=$TARGETPLATFORM. */

import { removedFlag } from '../removed-flag.ts';
import type { Rule } from '../rule.ts';

export const DL3065: Rule = {
  id: 'DL3065',
  family: 'hadolint',
  severity: 'warning',
  message: 'the target platform is what FROM uses anyway',
  why: 'The flag changes nothing and suggests that something is being cross-compiled.',
  examples: {
    bad: ['FROM --platform=$TARGETPLATFORM debian:12'],
    good: ['FROM debian:12', 'FROM --platform=$BUILDPLATFORM debian:12'],
  },
  supersededBy: 'RedundantTargetPlatform',
  check({ dockerfile }, report) {
    for (const { from } of dockerfile.stages) {
      const flag = from.flags.find(({ name }) => name === 'platform');
      if (flag?.value === undefined || !/^\$(?:TARGETPLATFORM|\{TARGETPLATFORM\})$/.test(flag.value))
        continue;
      report({ span: flag.span, toolLine: from.line, fix: removedFlag(dockerfile.text, flag) });
    }
  },
};
