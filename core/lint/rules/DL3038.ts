/** DL3038: dnf that asks. */

import { insertBehind } from '../insertion.ts';
import { commandsNamed } from '../runs.ts';
import { argumentOf, hasFlag } from '../shell/arguments.ts';
import type { Rule } from '../rule.ts';

export const DL3038: Rule = {
  id: 'DL3038',
  family: 'hadolint',
  severity: 'warning',
  message: 'use -y: nobody can answer a question during a build',
  why: 'Without -y dnf asks before it changes something, gets no answer, and stops.',
  examples: {
    bad: ['FROM fedora:40\nRUN dnf install httpd-2.4.59 && dnf clean all'],
    good: ['FROM fedora:40\nRUN dnf install -y httpd-2.4.59 && dnf clean all'],
  },
  check(context, report) {
    for (const command of commandsNamed(context, 'dnf', 'microdnf')) {
      if (hasFlag(command, ['y', 'assumeyes'])) continue;
      const verb = argumentOf(command, ['install', 'groupinstall', 'localinstall']);
      if (verb !== undefined) report({ span: verb.span, fix: insertBehind(verb, '-y') });
    }
  },
};
