/** DL3030: yum that asks. */

import { insertBehind } from '../insertion.ts';
import { commandsNamed } from '../runs.ts';
import { argumentOf, hasFlag } from '../shell/arguments.ts';
import type { Rule } from '../rule.ts';

export const DL3030: Rule = {
  id: 'DL3030',
  family: 'hadolint',
  severity: 'warning',
  message: 'use -y: nobody can answer a question during a build',
  why: 'Without -y yum asks before it changes something, gets no answer, and stops.',
  examples: {
    bad: ['FROM centos:7\nRUN yum install httpd-2.4.6 && yum clean all'],
    good: ['FROM centos:7\nRUN yum install -y httpd-2.4.6 && yum clean all'],
  },
  check(context, report) {
    for (const command of commandsNamed(context, 'yum')) {
      if (hasFlag(command, ['y', 'assumeyes'])) continue;
      const verb = argumentOf(command, ['install', 'groupinstall', 'localinstall']);
      if (verb !== undefined) report({ span: verb.span, fix: insertBehind(verb, '-y') });
    }
  },
};
