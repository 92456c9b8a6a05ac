/** Words of a Dockerfile without the quotes around them, as rules that look at the bare text need them. */

import type { Word } from '../dockerfile/types.ts';
import type { Span } from '../source.ts';

/** Without quotes at both ends; those inside stay. */
export function unquoted(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isQuote(text.charCodeAt(start))) start += 1;
  while (end > start && isQuote(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isQuote(code: number): boolean {
  return code === 34 || code === 39;
}

/** Where the unquoted text ends in the source: an edit that appends belongs there. */
export function endInsideQuotes(word: Word): Span {
  const trailing = /["']*$/.exec(word.text)?.[0].length ?? 0;
  const end = word.span.end - trailing;
  return { start: end, end };
}
