/** DL3035: zypper dist-upgrade. */

import { commandsNamed } from '../runs.ts';
import { argumentOf } from '../shell/arguments.ts';
import type { Rule } from '../rule.ts';

export const DL3035: Rule = {
  id: 'DL3035',
  family: 'hadolint',
  severity: 'warning',
  message: 'do not upgrade the distribution: take a newer base image',
  why: 'An upgrade of everything makes another image every day and a large layer. A newer base image brings the same, shared and tested.',
  examples: {
    bad: ['FROM opensuse/leap:15\nRUN zypper dist-upgrade -y'],
    good: ['FROM opensuse/leap:15\nRUN zypper install -y httpd=2.4.46 && zypper clean'],
  },
  check(context, report) {
    for (const command of commandsNamed(context, 'zypper')) {
      const verb = argumentOf(command, ['dist-upgrade', 'dup']);
      if (verb !== undefined) report({ span: verb.span });
    }
  },
};
