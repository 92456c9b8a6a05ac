/** NR024: a whole command line is one word of a JSON array. */

import { execForm } from '../exec-form.ts';
import type { Fix, Rule } from '../rule.ts';

export const NR024: Rule = {
  id: 'NR024',
  family: 'naru',
  severity: 'warning',
  message: 'write every argument as a word of its own',
  why: 'The array is the program and its arguments, without a shell that would split them: a program with blanks in its name is looked for, and not found. The fix splits the word.',
  examples: {
    bad: ['FROM node:22\nCMD ["npm start"]'],
    good: ['FROM node:22\nCMD ["npm", "start"]'],
  },
  check({ dockerfile, instructions }, report) {
    for (const { instruction } of instructions('RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK')) {
      const command = execForm(instruction);
      if (command === undefined) continue;
      const [word, second] = command.words;
      if (word === undefined || second !== undefined) continue;
      if (!/^[\w.@/-]+(?:[ \t]+[\w.@/:=,+-]+)+$/.test(word.text)) continue;
      if (/\.exe\b|^[A-Z]:/i.test(word.text)) continue;
      const written = dockerfile.text.slice(word.span.start, word.span.end);
      const text = word.text
        .split(/[ \t]+/)
        .map((part) => `"${part}"`)
        .join(', ');
      const isPlain = written === `"${word.text}"`;
      const title = 'Split into words';
      const fix: Fix = { title, edits: [{ span: word.span, text }], changesPlan: true };
      // `/opt/My Tool/run` may be the name of a program.
      const isOneName = /\/.*[ \t].*\//.test(word.text);
      report({
        span: word.span,
        ...(isPlain ? { fix: isOneName ? { ...fix, needsReview: true } : fix } : {}),
      });
    }
  },
};
