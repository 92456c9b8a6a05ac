/** DuplicateStageName: two stages of the same name. */

import { goQuote } from '../../dockerfile/go-quote.ts';
import type { Rule } from '../rule.ts';

export const DuplicateStageName: Rule = {
  id: 'DuplicateStageName',
  family: 'buildkit',
  severity: 'warning',
  message: 'Stage names should be unique',
  why: 'The later stage hides the earlier one, so that what is copied depends on the order of the file.',
  examples: {
    bad: ['FROM debian:12 AS build\nFROM debian:12 AS build'],
    good: ['FROM debian:12 AS build\nFROM debian:12 AS test'],
  },
  aliases: ['DL3024'],
  check({ dockerfile }, report) {
    const seen = new Set<string>();
    for (const { from } of dockerfile.stages) {
      if (from.stageName === undefined) continue;
      const name = from.stageName.text.toLowerCase();
      const message = `Duplicate stage name ${goQuote(name)}, stage names should be unique`;
      if (seen.has(name)) report({ span: from.stageName.span, toolLine: from.line, message });
      seen.add(name);
    }
  },
};
