/** DL3008: apt-get install without versions. */

import { valuedOptions } from '../option-values.ts';
import { commandsNamed } from '../runs.ts';
import { hasArgument, plainArguments } from '../shell/arguments.ts';
import type { Rule } from '../rule.ts';

export const DL3008: Rule = {
  id: 'DL3008',
  family: 'hadolint',
  severity: 'warning',
  message: 'pin versions: apt-get install <package>=<version>',
  why: 'Without a version the same Dockerfile installs something else tomorrow, and the layer cache keeps what it installed today.',
  examples: {
    bad: ['FROM debian:12\nRUN apt-get install -y curl'],
    good: ['FROM debian:12\nRUN apt-get install -y curl=7.88.1-10'],
  },
  check(context, report) {
    for (const command of commandsNamed(context, 'apt-get')) {
      if (!hasArgument(command, ['install'])) continue;
      const packages = plainArguments(command, valuedOptions(context, 'apt-get', ['t', 'target-release']));
      const unpinned = packages.find(({ value }) => value !== 'install' && !isPinned(value));
      if (unpinned !== undefined) report({ span: unpinned.span });
    }
  },
};

/** A version, a release, or a file. */
function isPinned(name: string): boolean {
  return name.includes('=') || name.includes('/') || name.endsWith('.deb');
}
