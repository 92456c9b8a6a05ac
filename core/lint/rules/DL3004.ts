/** DL3004: sudo in a RUN. A build runs as root unless USER says otherwise, so sudo only adds surprises (tty, environment, signals). */

import type { Rule } from '../rule.ts';
import { commandsNamed } from '../runs.ts';

export const DL3004: Rule = {
  id: 'DL3004',
  family: 'hadolint',
  severity: 'error',
  naruSeverity: 'warning',
  message: 'do not use sudo: a build step already runs as root unless USER says otherwise',
  why: 'sudo changes the environment and how signals arrive, and it is rarely installed in images. Switch the user with USER instead, and back after the step.',
  examples: {
    bad: ['FROM debian:12\nRUN sudo apt-get update'],
    good: ['FROM debian:12\nUSER root\nRUN apt-get update'],
  },
  check(context, report) {
    for (const { name } of commandsNamed(context, 'sudo')) report({ span: name.span });
  },
};
