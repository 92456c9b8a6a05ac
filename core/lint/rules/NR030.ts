/** NR030: packages of a long list are not in order. */

import type { Rule } from '../rule.ts';
import { programsNamed } from '../runs.ts';

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
    for (const { args } of programsNamed(context, 'apt', 'apt-get', 'apk', 'yum', 'dnf')) {
      const packages = args.filter(({ value }) => !value.startsWith('-')).slice(1);
      if (packages.length < 3) continue;
      const rows = new Set(packages.map(({ span }) => lines.positionAt(span.start).line));
      if (rows.size < packages.length) continue;
      const misplaced = packages.find(({ value }, nth) => value < (packages[nth - 1]?.value ?? ''));
      if (misplaced !== undefined) report({ span: misplaced.span });
    }
  },
};
