/** NR030: packages of a long list are not in order. */

import { runSteps } from '../run-steps.ts';
import type { Rule } from '../rule.ts';

export const NR030: Rule = {
  id: 'NR030',
  family: 'naru',
  severity: 'off',
  message: 'keep the packages of a long list in alphabetical order',
  why: 'In an ordered list a package is found at once, duplicates stand out, and two people who add a package seldom change the same line.',
  examples: {
    bad: ['FROM debian:12\nRUN apt-get install -y \\\n    curl \\\n    ca-certificates \\\n    git'],
    good: ['FROM debian:12\nRUN apt-get install -y \\\n    ca-certificates \\\n    curl \\\n    git'],
  },
  check(context, report) {
    const { lines } = context.dockerfile;
    for (const { commands } of runSteps(context)) {
      for (const { name, source } of commands) {
        if (!/^(?:apt|apt-get|apk|yum|dnf)$/.test(name)) continue;
        const packages = source.args.filter(({ value }) => !value.startsWith('-')).slice(1);
        const rows = new Set(packages.map(({ span }) => lines.positionAt(span.start).line));
        if (packages.length < 3 || rows.size < packages.length) continue;
        const at = packages.findIndex(
          ({ value }, index) => index > 0 && value < (packages[index - 1]?.value ?? ''),
        );
        const misplaced = packages[at];
        if (misplaced !== undefined) report({ span: misplaced.span });
      }
    }
  },
};
