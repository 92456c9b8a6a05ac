/** NR119: a comment behind an instruction that knows none. */

import type { Rule } from '../rule.ts';
import { trailingComment } from '../trailing-comment.ts';

export const NR119: Rule = {
  id: 'NR119',
  family: 'naru',
  severity: 'warning',
  message: 'no comment can stand here: its words are taken for those of the instruction',
  why: 'Comments of a Dockerfile have a line of their own. Behind an instruction `#` is a word like others: a file to copy, a part of a path or of a value. In RUN it is the shell that knows comments.',
  examples: {
    bad: ['FROM debian:12\nWORKDIR /app # where it lives'],
    good: ['FROM debian:12\n# where it lives\nWORKDIR /app'],
  },
  check({ dockerfile }, report) {
    for (const instruction of dockerfile.instructions) {
      const span = trailingComment(dockerfile, instruction);
      if (span === undefined) continue;
      const before = /\s*$/.exec(dockerfile.text.slice(0, span.start))?.[0].length ?? 0;
      const edits = [{ span: { start: span.start - before, end: span.end }, text: '' }];
      report({
        span,
        message: `no comment can stand behind ${instruction.keyword}: its words are taken for those of the instruction`,
        fix: { title: 'Remove the comment', edits, changesPlan: true, needsReview: true },
      });
    }
  },
};
