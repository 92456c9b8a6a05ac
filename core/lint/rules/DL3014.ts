/** DL3014: apt-get install that asks. */

import { insertBehind } from '../insertion.ts';
import { commandsNamed } from '../runs.ts';
import { argumentOf, countFlag, hasArgument, hasFlag } from '../shell/arguments.ts';
import type { ShellCommand } from '../shell/script.ts';
import type { Rule } from '../rule.ts';

export const DL3014: Rule = {
  id: 'DL3014',
  family: 'hadolint',
  severity: 'warning',
  message: 'use -y: nobody can answer a question during a build',
  why: 'Without -y apt-get asks before it installs, gets no answer, and stops.',
  examples: {
    bad: ['FROM debian:12\nRUN apt-get install curl=7.88.1-10'],
    good: ['FROM debian:12\nRUN apt-get install -y curl=7.88.1-10'],
  },
  check(context, report) {
    for (const command of commandsNamed(context, 'apt-get')) {
      const install = argumentOf(command, ['install']);
      if (install === undefined || saysYes(command)) continue;
      report({ span: install.span, fix: insertBehind(install, '-y') });
    }
  },
};

function saysYes(command: ShellCommand): boolean {
  if (hasFlag(command, ['y', 'yes', 'qq', 'assume-yes']) || hasArgument(command, ['-q=2'])) return true;
  // Two of them mean yes as well.
  return countFlag(command, 'q') === 2 || countFlag(command, 'quiet') === 2;
}
