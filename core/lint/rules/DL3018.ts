/** DL3018: apk add without versions. */

import { valuedOptions } from '../option-values.ts';
import { commandsNamed } from '../runs.ts';
import { hasArgument, plainArguments } from '../shell/arguments.ts';
import type { Rule } from '../rule.ts';

export const DL3018: Rule = {
  id: 'DL3018',
  family: 'hadolint',
  severity: 'warning',
  message: 'pin versions: apk add <package>=<version>',
  why: 'Without a version the same Dockerfile installs something else tomorrow, and the layer cache keeps what it installed today.',
  examples: {
    bad: ['FROM alpine:3.20\nRUN apk add --no-cache curl'],
    good: ['FROM alpine:3.20\nRUN apk add --no-cache curl=8.9.0-r0'],
  },
  check(context, report) {
    for (const command of commandsNamed(context, 'apk')) {
      if (!hasArgument(command, ['add'])) continue;
      const packages = plainArguments(command, valuedOptions(context, 'apk', KNOWN));
      const unpinned = packages.find(({ value }) => value !== 'add' && !isPinned(value));
      if (unpinned !== undefined) report({ span: unpinned.span });
    }
  },
};

const KNOWN: readonly string[] = ['t', 'virtual', 'repository', 'X'];

/** A version or range, or a file. */
function isPinned(name: string): boolean {
  return /[=~<>]/.test(name) || name.endsWith('.apk');
}
