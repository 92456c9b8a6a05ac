/** DL3037: zypper install without versions. */

import { valuedOptions } from '../option-values.ts';
import { commandsNamed } from '../runs.ts';
import { hasArgument, plainArguments } from '../shell/arguments.ts';
import type { Rule } from '../rule.ts';

export const DL3037: Rule = {
  id: 'DL3037',
  family: 'hadolint',
  severity: 'warning',
  message: 'pin versions: zypper install <package>=<version>',
  why: 'Without a version the same Dockerfile installs something else tomorrow, and the layer cache keeps what it installed today.',
  examples: {
    bad: ['FROM opensuse/leap:15\nRUN zypper install -y httpd && zypper clean'],
    good: ['FROM opensuse/leap:15\nRUN zypper install -y httpd=2.4.46 && zypper clean'],
  },
  check(context, report) {
    for (const command of commandsNamed(context, 'zypper')) {
      if (!hasArgument(command, VERBS)) continue;
      const unpinned = plainArguments(command, valuedOptions(context, 'zypper')).find(
        ({ value }) => !VERBS.includes(value) && !isPinned(value),
      );
      if (unpinned !== undefined) report({ span: unpinned.span });
    }
  },
};

const VERBS: readonly string[] = ['install', 'in'];

/** A version or range, or a file. */
function isPinned(name: string): boolean {
  return /[=<>]/.test(name) || name.endsWith('.rpm');
}
