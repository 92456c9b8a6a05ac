/** The text of a RUN with its line ends where they were written: a builder joins the lines, and the indentation of one then looks like blanks between words (SC2291). */

import type { ShellText } from '../shell/script.ts';

/**
 * As long as the line's text, so that every place stays where it is. Outside of quotes, where two blanks make room for a backslash and a newline and one is left to part the words.
 * Where there are just two they become spaces, which are too few to be an indentation; a tab would not be (ShellCheck 0.9.0, measured).
 */
export function withLineEnds(line: ShellText): string {
  const { text } = line;
  if (!/[ \t]{2}/.test(text)) return text;
  const parts: string[] = [];
  let quote = '';
  let kept = 0;
  for (let at = 0; at + 1 < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '\\' && quote !== "'") {
      at += 1;
    } else if (char === quote) {
      quote = '';
    } else if (quote === '' && (char === '"' || char === "'")) {
      quote = char;
    } else if (quote === '' && isBlank(char) && isBlank(text[at + 1]) && isJoint(at) && at >= kept) {
      const partsWords = (at > kept && isBlank(text[at - 1])) || isBlank(text[at + 2]);
      parts.push(text.slice(kept, at), partsWords ? '\\\n' : '  ');
      kept = at + 2;
    }
  }
  return [...parts, text.slice(kept)].join('');

  /** Whether a line ended in front of this character or the next one. */
  function isJoint(at: number): boolean {
    return [at, at + 1].some((end) => end > 0 && line.sourceOffset(end) - line.sourceOffset(end - 1) > 1);
  }
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t';
}
