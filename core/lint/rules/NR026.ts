/** NR026: an array in single quotes. */

import { SINGLE_QUOTED_ARRAY } from '../json-command.ts';
import { plainTexts } from '../meant-arrays.ts';
import type { Rule } from '../rule.ts';

export const NR026: Rule = {
  id: 'NR026',
  family: 'naru',
  severity: 'warning',
  message: 'JSON wants double quotes: this is read as a shell command',
  why: 'An array that is no JSON is taken for a command line, and the shell looks for a program called `[a,`; of a VOLUME it is the name of a directory, of COPY and ADD that of a file. The fix writes double quotes, which makes the array the one that was meant.',
  examples: {
    bad: ["FROM node:22\nCMD ['npm', 'start']", "FROM node:22\nVOLUME ['/data']"],
    good: ['FROM node:22\nCMD ["npm", "start"]', 'FROM node:22\nVOLUME ["/data"]'],
  },
  aliases: ['DL3025', 'JSONArgsRecommended'],
  check(context, report) {
    for (const { span, takenFor, text } of plainTexts(
      context,
      'CMD',
      'ENTRYPOINT',
      'RUN',
      'HEALTHCHECK',
      'SHELL',
    )) {
      if (!SINGLE_QUOTED_ARRAY.test(text)) continue;
      const edit = { span, text: text.replaceAll("'", '"') };
      report({
        span,
        message: MESSAGES[takenFor],
        fix: { title: 'Use double quotes', edits: [edit], changesPlan: true },
      });
    }
  },
};

const MESSAGES = {
  nothing: 'JSON wants double quotes, and SHELL takes nothing else',
  command: 'JSON wants double quotes: this is read as a shell command',
  directories: 'JSON wants double quotes: this is the name of the directory',
  files: 'JSON wants double quotes: these are read as names of files, brackets and all',
} as const;
