/** NR032: an array that is no JSON. */

import { brokenArray } from '../broken-array.ts';
import { plainTexts } from '../meant-arrays.ts';
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
  check(context, report) {
    const { text: source } = context.dockerfile;
    for (const { span, takenFor, text } of plainTexts(context, 'CMD', 'ENTRYPOINT', 'RUN', 'HEALTHCHECK')) {
      const found = brokenArray(text);
      if (found === undefined) continue;
      // Of a line that is continued only the whole is known.
      const isAsWritten = source.slice(span.start, span.end) === text;
      report({
        span: isAsWritten ? { start: span.start + found.span.start, end: span.start + found.span.end } : span,
        message: `this looks like a JSON array but is none: ${found.fault}, so ${EFFECTS[takenFor]}`,
      });
    }
  },
};

const EFFECTS = {
  nothing: 'no builder takes it',
  command: 'it runs as shell text',
  directories: 'it names directories as it stands',
  files: 'it names files as it stands',
} as const;
