/** Fixes that add a word to a command. */

import type { Fix } from './rule.ts';
import type { ShellWord } from './shell/script.ts';

/** Adds a word behind another one: ` text`, or a string of its own where that one is a string of a JSON array. `text` needs no escapes. */
export function insertBehind(word: ShellWord, text: string): Fix {
  const { end } = word.span;
  return {
    title: `Add ${text}`,
    edits: [{ span: { start: end, end }, text: word.isWholeString ? `", "${text}` : ` ${text}` }],
    changesPlan: true,
  };
}

/** The same, where a build may fail that did not without the word. */
export function offeredBehind(word: ShellWord, text: string): Fix {
  return { ...insertBehind(word, text), needsReview: true };
}
