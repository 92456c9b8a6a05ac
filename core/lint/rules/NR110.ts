/** NR110: a directive that stands too late. */

import type { Rule } from '../rule.ts';

export const NR110: Rule = {
  id: 'NR110',
  family: 'naru',
  severity: 'warning',
  message: 'a directive has to stand above everything else: here it is a comment',
  why: 'Directives are read from the top of the file up to the first line that is none. Below an instruction, an empty line or another comment they do nothing.',
  examples: {
    bad: ['# My image\n# syntax=docker/dockerfile:1\nFROM debian:12'],
    good: ['# syntax=docker/dockerfile:1\n# My image\nFROM debian:12'],
  },
  check({ dockerfile }, report) {
    for (const { isInsideInstruction, span, text } of dockerfile.comments) {
      if (isInsideInstruction || !/^(?:syntax=[\w./:@-]+|escape=[\\`])$/i.test(text.replaceAll(/[ \t]/g, '')))
        continue;
      report({ span });
    }
  },
};
