/** DL3001: programs that make no sense in a container. */

import { commandsNamed } from '../runs.ts';
import type { Rule } from '../rule.ts';

export const DL3001: Rule = {
  id: 'DL3001',
  family: 'hadolint',
  severity: 'info',
  message: 'this program has no use in a build step',
  why: 'Daemons, terminals and other processes of a machine do not exist while an image is built. What such a program changes or shows is gone when the step ends.',
  examples: {
    bad: ['FROM debian:12\nRUN service ssh start'],
    good: ['FROM debian:12\nRUN apt-get update'],
  },
  check(context, report) {
    for (const { name } of commandsNamed(context, ...PROGRAMS)) report({ span: name.span });
  },
};

const PROGRAMS: readonly string[] = [
  'free',
  'kill',
  'mount',
  'ps',
  'service',
  'shutdown',
  'ssh',
  'top',
  'vim',
];
