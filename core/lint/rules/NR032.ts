/** NR032: an array that is no JSON. */

import { brokenArray } from '../broken-array.ts';
import type { Rule } from '../rule.ts';

export const NR032: Rule = {
  id: 'NR032',
  family: 'naru',
  severity: 'warning',
  message: 'this looks like a JSON array but is none, so it runs as shell text',
  why: 'An array that is no JSON is taken for a command line without a word, and the shell looks for a program called `[node,`. The message says where the array stops being one; arrays in single quotes are told by NR026.',
  examples: {
    bad: ['FROM node:22\nCMD ["node", "server.js]'],
    good: ['FROM node:22\nCMD ["node", "server.js"]'],
  },
  aliases: ['DL3025', 'JSONArgsRecommended'],
  check({ dockerfile, instructions }, report) {
    for (const { instruction } of instructions('CMD', 'ENTRYPOINT', 'RUN', 'HEALTHCHECK')) {
      const { command } = instruction;
      if (command?.kind !== 'shell') continue;
      const found = brokenArray(command.text.trim());
      if (found === undefined) continue;
      const { start, end } = command.span;
      // Of a line that is continued only the whole is known.
      const isAsWritten = dockerfile.text.slice(start, end) === command.text.trim();
      const span = { start: start + found.span.start, end: start + found.span.end };
      report({
        span: isAsWritten ? span : command.span,
        message: `this looks like a JSON array but is none: ${found.fault}, so it runs as shell text`,
      });
    }
  },
};
