/** NR108: a platform that cannot be read. */

import { readPlatformSpecifier } from '../../oci/platform-specifier.ts';
import type { Rule } from '../rule.ts';

export const NR108: Rule = {
  id: 'NR108',
  family: 'naru',
  severity: 'error',
  message: 'not a platform: write os/architecture or os/architecture/variant',
  why: 'The platform is written as linux/amd64 or linux/arm/v7, or as one known system or architecture alone. Anything else ends the build.',
  examples: {
    bad: ['FROM --platform=a/b/c/d debian:12', 'FROM --platform=amd65 debian:12'],
    good: ['FROM --platform=$BUILDPLATFORM debian:12'],
  },
  aliases: ['FromPlatformFlagConstDisallowed'],
  check({ dockerfile }, report) {
    for (const { from } of dockerfile.stages) {
      for (const { name, value = '', span, valueSpan } of from.flags) {
        if (name !== 'platform' || value === '' || value.includes('$')) continue;
        if ('fault' in readPlatformSpecifier(value, ANY)) report({ span: valueSpan ?? span });
      }
    }
  },
};

/** Fills in what one word alone leaves out. */
const ANY = { os: 'linux', architecture: 'amd64' } as const;
