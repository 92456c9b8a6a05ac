/** DL3040: the cache of dnf stays in the layer. */

import { hasVolatileMount, runsWith } from '../runs.ts';
import { comesBefore, isCall } from '../shell/arguments.ts';
import type { ShellCommand } from '../shell/script.ts';
import type { Rule } from '../rule.ts';

export const DL3040: Rule = {
  id: 'DL3040',
  family: 'hadolint',
  severity: 'warning',
  message: 'dnf clean all is missing behind dnf install',
  why: 'Packages and lists that dnf keeps make the layer larger and are of no use in the image.',
  examples: {
    bad: ['FROM fedora:40\nRUN dnf install -y httpd-2.4.59'],
    good: ['FROM fedora:40\nRUN dnf install -y httpd-2.4.59 && dnf clean all'],
  },
  check(context, report) {
    for (const { run, script } of runsWith(context, ...TOOLS)) {
      if (['/var/cache/libdnf5', '.cache/libdnf5'].some((path) => hasVolatileMount(run, path))) continue;
      for (const tool of TOOLS) {
        const isInstall = (command: ShellCommand): boolean => isCall(command, tool, VERBS);
        const isClean = (command: ShellCommand): boolean =>
          isCall(command, tool, ['clean', 'all']) || isCall(command, 'rm', ['-rf', '/var/cache/libdnf5*']);
        const install = script.commands.find(isInstall);
        if (install !== undefined && !comesBefore(script, isInstall, isClean)) report({ span: install.span });
      }
    }
  },
};

const TOOLS: readonly string[] = ['dnf', 'microdnf'];

/** What fetches packages. */
const VERBS: readonly string[] = [
  'install',
  'in',
  'upgrade',
  'up',
  'upgrade-minimal',
  'up-min',
  'reinstall',
  'rei',
];
