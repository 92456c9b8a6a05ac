/** Messages quote the file, and a file may hold a word of a million letters: a message of it helps nobody, and fills a terminal. */

import type { Problem } from '../source.ts';

/** In UTF-16 units. Names of files and images are shorter. */
const MAX_WORD = 300;
const KEPT = 200;

/** The same where no word is that long; spaces part words. For every problem of the reader and of the plan. */
export function withShortWords(problems: readonly Problem[]): readonly Problem[] {
  return problems.some(isLong) ? problems.map(withShortWord) : problems;
}

function isLong({ message, hint = '' }: Problem): boolean {
  return message.length > MAX_WORD || hint.length > MAX_WORD;
}

function withShortWord(problem: Problem): Problem {
  const { message, hint } = problem;
  return {
    ...problem,
    message: shortened(message),
    ...(hint === undefined ? {} : { hint: shortened(hint) }),
  };
}

function shortened(text: string): string {
  return text.replace(LONG_WORD, (word) => `${word.slice(0, KEPT)}…`);
}

const LONG_WORD = new RegExp(`\\S{${MAX_WORD + 1},}`, 'g');
