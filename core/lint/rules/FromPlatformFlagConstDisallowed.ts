/** FromPlatformFlagConstDisallowed: FROM with a fixed platform. */

import { expand } from '../../dockerfile/expansion.ts';
import { goQuote } from '../../dockerfile/go-quote.ts';
import { platformOf } from '../platform-name.ts';
import type { Rule } from '../rule.ts';

export const FromPlatformFlagConstDisallowed: Rule = {
  id: 'FromPlatformFlagConstDisallowed',
  family: 'buildkit',
  severity: 'warning',
  message: 'FROM --platform flag should not use a constant value',
  why: 'The stage then has one platform whatever the build asks for. Leave it out, use $BUILDPLATFORM for stages that cross-compile, or name the stage after its platform.',
  examples: {
    bad: ['FROM --platform=linux/amd64 debian:12'],
    good: ['FROM debian:12', 'FROM --platform=linux/amd64 debian:12 AS build-amd64'],
  },
  aliases: ['DL3029'],
  check({ dockerfile }, report) {
    for (const { from } of dockerfile.stages) {
      const flag = from.flags.find(({ name }) => name === 'platform');
      if (flag?.value === undefined) continue;
      const { fault, text, uses } = expand(flag.value, {
        escape: dockerfile.escape,
        lookup: () => undefined,
      });
      const platform = fault === undefined && uses.length === 0 ? platformOf(text) : undefined;
      if (platform === undefined) continue;
      const stageName = from.stageName?.text.toLowerCase() ?? '';
      if (stageName.includes(platform.os) || stageName.includes(platform.architecture)) continue;
      const message = `FROM --platform flag should not use constant value ${goQuote(text)}`;
      report({ span: flag.span, toolLine: from.line, message });
    }
  },
};
