/** DL3021: COPY of several sources to something that is no directory. */

import type { Span } from '../../source.ts';
import { endInsideQuotes, unquoted } from '../quotes.ts';
import type { Rule } from '../rule.ts';
import { swallowedInstructions } from '../swallowed.ts';
import { trailingComment } from '../trailing-comment.ts';

export const DL3021: Rule = {
  id: 'DL3021',
  family: 'hadolint',
  severity: 'error',
  naruSeverity: 'warning',
  message: 'with several sources the destination must end with /',
  why: 'Without a slash at its end, and without a directory there, the destination is one file: BuildKit writes every source onto it and the last one stays, the builder before it refuses.',
  examples: {
    bad: ['FROM debian:12\nCOPY a b /app'],
    good: ['FROM debian:12\nCOPY a b /app/'],
  },
  check({ dockerfile, instructions }, report) {
    for (const { instruction } of instructions('COPY')) {
      if (instruction.destination === undefined) continue;
      const { destination, isJson, sources } = instruction;
      if (sources.length < 2 || unquoted(destination.text).endsWith('/')) continue;
      // A flag behind the paths is no directory to be made.
      const isPath = !destination.text.startsWith('--');
      const span = isJson ? beforeQuote(destination.span.end) : endInsideQuotes(destination);
      const edits = [{ span, text: '/' }];
      // A quote that stands alone belongs somewhere that nobody can say.
      const isWord = trailingComment(dockerfile, instruction) === undefined;
      const isFixed = isJson || (isPath && isWord && /^(["']?)[^"']*\1$/.test(destination.text));
      report({
        span: destination.span,
        toolLine: instruction.line,
        // The last word of a swallowed instruction is no destination (NR117).
        ...(swallowedInstructions(dockerfile, instruction).length > 0 ? { only: 'tool' } : {}),
        ...(isFixed ? { fix: { title: 'End it with /', edits, changesPlan: true } } : {}),
      });
    }
  },
};

function beforeQuote(end: number): Span {
  return { start: end - 1, end: end - 1 };
}
