/** Fixes that add a word to a command. */

import type { Fix } from './rule.ts';
import type { ShellWord } from './shell/script.ts';

/** Adds ` text` behind a word. */
export function insertBehind(word: ShellWord, text: string): Fix {
  const { end } = word.span;
  return {
    title: `Add ${text}`,
    edits: [{ span: { start: end, end }, text: ` ${text}` }],
    changesPlan: true,
  };
}
