/** DL3036: the cache of zypper stays in the layer. */

import { hasVolatileMount, runsWith } from '../runs.ts';
import { comesBefore, isCall } from '../shell/arguments.ts';
import type { ShellCommand } from '../shell/script.ts';
import type { Rule } from '../rule.ts';

export const DL3036: Rule = {
  id: 'DL3036',
  family: 'hadolint',
  severity: 'warning',
  message: 'zypper clean is missing behind zypper install',
  why: 'Packages and lists that zypper keeps make the layer larger and are of no use in the image.',
  examples: {
    bad: ['FROM opensuse/leap:15\nRUN zypper install -y httpd=2.4.46'],
    good: ['FROM opensuse/leap:15\nRUN zypper install -y httpd=2.4.46 && zypper clean'],
  },
  check(context, report) {
    for (const { run, script } of runsWith(context, 'zypper')) {
      const install = script.commands.find(isInstall);
      if (install === undefined || hasVolatileMount(run, '/var/cache/zypp')) continue;
      if (!comesBefore(script, isInstall, isClean)) report({ span: install.span });
    }
  },
};

function isInstall(command: ShellCommand): boolean {
  return isCall(command, 'zypper', ['install', 'in']);
}

function isClean(command: ShellCommand): boolean {
  return isCall(command, 'zypper', ['clean', 'cc']);
}
