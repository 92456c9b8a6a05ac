/** DL3029: FROM with a fixed platform. */

import type { Rule } from '../rule.ts';

export const DL3029: Rule = {
  id: 'DL3029',
  family: 'hadolint',
  severity: 'warning',
  message: 'do not fix the platform of FROM',
  why: 'The image then has one platform whatever the build asks for. Leave it out, or use $BUILDPLATFORM for stages that cross-compile.',
  examples: {
    bad: ['FROM --platform=linux/amd64 debian:12'],
    good: ['FROM debian:12', 'FROM --platform=$BUILDPLATFORM debian:12'],
  },
  supersededBy: 'FromPlatformFlagConstDisallowed',
  check({ dockerfile }, report) {
    for (const { from } of dockerfile.stages) {
      const flag = from.flags.find(({ name }) => name === 'platform');
      if (flag?.value === undefined || /BUILDPLATFORM|TARGETPLATFORM/.test(flag.value)) continue;
      report({ span: flag.span, toolLine: from.line });
    }
  },
};
