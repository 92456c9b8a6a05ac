/** DL3032: the cache of yum stays in the layer. */

import { runsWith } from '../runs.ts';
import { comesBefore, isCall } from '../shell/arguments.ts';
import type { ShellCommand } from '../shell/script.ts';
import type { Rule } from '../rule.ts';

export const DL3032: Rule = {
  id: 'DL3032',
  family: 'hadolint',
  severity: 'warning',
  message: 'yum clean all is missing behind yum install',
  why: 'Packages and lists that yum keeps make the layer larger and are of no use in the image.',
  examples: {
    bad: ['FROM centos:7\nRUN yum install -y httpd-2.4.6'],
    good: ['FROM centos:7\nRUN yum install -y httpd-2.4.6 && yum clean all'],
  },
  check(context, report) {
    for (const { script } of runsWith(context, 'yum')) {
      const install = script.commands.find(isInstall);
      if (install !== undefined && !comesBefore(script, isInstall, isClean)) report({ span: install.span });
    }
  },
};

function isInstall(command: ShellCommand): boolean {
  return isCall(command, 'yum', ['install']);
}

function isClean(command: ShellCommand): boolean {
  return isCall(command, 'yum', ['clean', 'all']) || isCall(command, 'rm', ['-rf', '/var/cache/yum/*']);
}
