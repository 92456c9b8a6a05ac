/** DL3015: apt-get install with recommended packages. */

import { offeredBehind } from '../insertion.ts';
import { commandsNamed } from '../runs.ts';
import { argumentOf, hasArgument, hasFlag } from '../shell/arguments.ts';
import type { Rule } from '../rule.ts';

export const DL3015: Rule = {
  id: 'DL3015',
  family: 'hadolint',
  severity: 'info',
  message: 'use --no-install-recommends',
  why: 'apt installs what packages recommend too, which is rarely needed in an image and makes it larger. What is needed of it has to be named then: curl without ca-certificates, which it only recommends, fetches nothing from https.',
  examples: {
    bad: ['FROM debian:12\nRUN apt-get install -y curl=7.88.1-10'],
    good: ['FROM debian:12\nRUN apt-get install -y --no-install-recommends curl=7.88.1-10'],
  },
  check(context, report) {
    for (const command of commandsNamed(context, 'apt-get')) {
      const install = argumentOf(command, ['install']);
      if (install === undefined || hasFlag(command, ['no-install-recommends'])) continue;
      if (hasArgument(command, ['APT::Install-Recommends=false'])) continue;
      report({ span: install.span, fix: offeredBehind(install, '--no-install-recommends') });
    }
  },
};
