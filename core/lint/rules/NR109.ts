/** NR109: a flag behind the files it is for. */

import type { Rule } from '../rule.ts';

export const NR109: Rule = {
  id: 'NR109',
  family: 'naru',
  severity: 'warning',
  message: 'flags stand before the files: this is taken for a file name',
  why: 'Flags end at the first word that is none. Behind it, `--chown=…` is the name of a file that nobody has.',
  examples: {
    bad: ['FROM debian:12\nCOPY app /app --chown=1000'],
    good: ['FROM debian:12\nCOPY --chown=1000 app /app'],
  },
  check({ instructions }, report) {
    for (const { instruction } of instructions('COPY', 'ADD')) {
      if (instruction.isJson) continue;
      const { destination, sources } = instruction;
      for (const { span, text } of destination === undefined ? sources : [...sources, destination]) {
        if (/^--(?:chown|chmod|from|link|parents|exclude|checksum|keep-git-dir|unpack)(?:=|$)/.test(text))
          report({ span });
      }
    }
  },
};
