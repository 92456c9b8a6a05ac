/** DL3034: zypper that asks. */

import { insertBehind } from '../insertion.ts';
import { commandsNamed } from '../runs.ts';
import { argumentOf, hasFlag } from '../shell/arguments.ts';
import type { Rule } from '../rule.ts';

export const DL3034: Rule = {
  id: 'DL3034',
  family: 'hadolint',
  severity: 'warning',
  message: 'use -y: nobody can answer a question during a build',
  why: 'Without -y zypper asks before it changes something, gets no answer, and stops.',
  examples: {
    bad: ['FROM opensuse/leap:15\nRUN zypper install httpd=2.4.46 && zypper clean'],
    good: ['FROM opensuse/leap:15\nRUN zypper install -y httpd=2.4.46 && zypper clean'],
  },
  check(context, report) {
    for (const command of commandsNamed(context, 'zypper')) {
      if (hasFlag(command, ['non-interactive', 'n', 'no-confirm', 'y'])) continue;
      const verb = argumentOf(command, ['install', 'in', 'remove', 'rm', 'source-install', 'si', 'patch']);
      if (verb !== undefined) report({ span: verb.span, fix: insertBehind(verb, '-y') });
    }
  },
};
