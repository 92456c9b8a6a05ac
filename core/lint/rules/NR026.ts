/** NR026: an array in single quotes. */

import { SINGLE_QUOTED_ARRAY } from '../json-command.ts';
import type { Rule } from '../rule.ts';

export const NR026: Rule = {
  id: 'NR026',
  family: 'naru',
  severity: 'warning',
  message: 'JSON wants double quotes: this is read as a shell command',
  why: 'An array that is no JSON is taken for a command line, and the shell looks for a program called `[a,`. The fix writes double quotes, which makes the array the one that was meant.',
  examples: {
    bad: ["FROM node:22\nCMD ['npm', 'start']"],
    good: ['FROM node:22\nCMD ["npm", "start"]'],
  },
  aliases: ['DL3025', 'JSONArgsRecommended'],
  check({ instructions }, report) {
    for (const { instruction } of instructions('CMD', 'ENTRYPOINT', 'RUN', 'HEALTHCHECK', 'SHELL')) {
      const { command } = instruction;
      if (command?.kind !== 'shell') continue;
      const text = command.text.trim();
      if (!SINGLE_QUOTED_ARRAY.test(text)) continue;
      const edit = { span: command.span, text: text.replaceAll("'", '"') };
      report({ span: command.span, fix: { title: 'Use double quotes', edits: [edit], changesPlan: true } });
    }
  },
};
