/** DL4005: a link in the place of /bin/sh. */

import { commandsNamed } from '../runs.ts';
import { hasArgument } from '../shell/arguments.ts';
import type { Rule } from '../rule.ts';

export const DL4005: Rule = {
  id: 'DL4005',
  family: 'hadolint',
  severity: 'warning',
  message: 'use SHELL to change the shell',
  why: 'Replacing /bin/sh changes every script of the image. SHELL changes only what runs the following instructions.',
  examples: {
    bad: ['FROM debian:12\nRUN ln -sf /bin/bash /bin/sh'],
    good: ['FROM debian:12\nSHELL ["/bin/bash", "-c"]'],
  },
  check(context, report) {
    for (const command of commandsNamed(context, 'ln')) {
      if (hasArgument(command, ['/bin/sh'])) report({ span: command.span });
    }
  },
};
