/** SC2046: the output of a command is split into words. */

import type { Rule } from '../rule.ts';
import { nativeScripts } from '../shellcheck/native.ts';

export const SC2046: Rule = {
  id: 'SC2046',
  family: 'shellcheck',
  severity: 'warning',
  message: 'Quote this to prevent word splitting.',
  why: 'The shell splits the output at blanks and expands patterns in it. Quotes keep it one word; a list of words is better read line by line.',
  examples: {
    bad: ['FROM debian:12\nRUN cp $(cat /name) /to'],
    good: ['FROM debian:12\nRUN cp "$(cat /name)" /to', 'FROM debian:12\nRUN name=$(cat /name)'],
  },
  check(context, report) {
    for (const {
      expansions: { all },
    } of nativeScripts(context)) {
      for (const found of all) if (found.isSplit && found.name === undefined) report({ span: found.span });
    }
  },
};
