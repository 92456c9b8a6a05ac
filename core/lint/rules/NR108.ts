/** NR108: a platform that cannot be read. */

import type { Rule } from '../rule.ts';

export const NR108: Rule = {
  id: 'NR108',
  family: 'naru',
  severity: 'error',
  message: 'not a platform: write os/architecture or os/architecture/variant',
  why: 'The platform is written as linux/amd64 or linux/arm/v7. Anything else ends the build.',
  examples: {
    bad: ['FROM --platform=a/b/c/d debian:12'],
    good: ['FROM --platform=$BUILDPLATFORM debian:12'],
  },
  aliases: ['FromPlatformFlagConstDisallowed'],
  check({ dockerfile }, report) {
    for (const { from } of dockerfile.stages) {
      for (const { name, value = '', span, valueSpan } of from.flags) {
        if (name !== 'platform' || value === '' || value.includes('$')) continue;
        if (!/^[\w.-]+(?:\([\w.-]+\))?(?:\/[\w.-]+){0,2}$/.test(value)) report({ span: valueSpan ?? span });
      }
    }
  },
};
