/** DL3067: COPY of a whole file system from another stage. */

import { unquoted } from '../quotes.ts';
import type { Rule } from '../rule.ts';

export const DL3067: Rule = {
  id: 'DL3067',
  family: 'hadolint',
  severity: 'warning',
  message: 'do not copy a whole file system from another stage',
  why: 'The copy brings everything, and as a second layer over what is there, with files that were to be left behind. Copy what is needed, or start FROM that stage.',
  examples: {
    bad: ['FROM debian:12 AS build\nFROM debian:12\nCOPY --from=build / /'],
    good: ['FROM debian:12 AS build\nFROM debian:12\nCOPY --from=build /app /app'],
  },
  check({ instructions }, report) {
    for (const { instruction } of instructions('COPY')) {
      if (!instruction.flags.some(({ name }) => name === 'from')) continue;
      const { destination, sources } = instruction;
      const root = sources.find(({ text }) => unquoted(text) === '/');
      if (root === undefined || unquoted(destination?.text ?? '') !== '/') continue;
      report({ span: root.span, toolLine: instruction.line });
    }
  },
};
