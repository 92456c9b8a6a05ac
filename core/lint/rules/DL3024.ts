/** DL3024: two stages of the same name. */

import type { Rule } from '../rule.ts';

export const DL3024: Rule = {
  id: 'DL3024',
  family: 'hadolint',
  severity: 'error',
  naruSeverity: 'warning',
  message: 'stage names must be unique',
  why: 'The later stage hides the earlier one, so that what is copied depends on the order of the file.',
  examples: {
    bad: ['FROM debian:12 AS build\nFROM debian:12 AS build'],
    good: ['FROM debian:12 AS build\nFROM debian:12 AS test'],
  },
  supersededBy: 'DuplicateStageName',
  check({ dockerfile }, report) {
    const seen = new Set<string>();
    for (const { from } of dockerfile.stages) {
      if (from.stageName === undefined) continue;
      const name = from.stageName.text.toLowerCase();
      if (seen.has(name)) report({ span: from.stageName.span, toolLine: from.line });
      seen.add(name);
    }
  },
};
