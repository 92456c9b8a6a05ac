/** The strings of an exec form as one command line, blanks between them, which is how hadolint reads them. */

import type { LogicalLine, Word } from '../../dockerfile/types.ts';
import type { Span } from '../../source.ts';
import type { ShellText } from './script.ts';

/** `words` are the strings of the array in `line`, in their order. */
export function joinedStrings(words: readonly Word[], line: LogicalLine): ShellText {
  const text = words.map((word) => word.text).join(' ');
  let places: readonly Span[] | undefined;
  const whole = new Map<number, number>();
  let start = 0;
  for (const word of words) {
    whole.set(start, start + word.text.length);
    start += word.text.length + 1;
  }
  /** Found out when a rule has something to say. */
  function placeOf(at: number): Span {
    places ??= placesOf(words, line);
    return places[Math.min(at, places.length - 1)] ?? { start: 0, end: 0 };
  }
  return {
    text,
    sourceOffset: (at) => placeOf(at).start,
    sourceEnd: (at) => placeOf(at).end,
    isWholeString: ({ pos, end }) => whole.get(pos) === end,
  };
}

/** Where each character is written, escapes and continued lines counted; a blank between two strings stands at the quote that closes the first. */
function placesOf(words: readonly Word[], line: LogicalLine): readonly Span[] {
  const places: Span[] = [];
  let at = 0;
  for (const { span, text } of words) {
    while (at < line.text.length && line.sourceOffset(at) < span.start) at += 1;
    at += 1;
    for (let unit = 0; unit < text.length; unit += 1) {
      const next = at + unitLength(line.text, at);
      places.push(line.spanOf(at, next));
      at = next;
    }
    places.push(line.spanOf(at, at));
  }
  return places;
}

/** Of what stands for one UTF-16 unit of a JSON string. */
function unitLength(text: string, at: number): number {
  if (text[at] !== '\\') return 1;
  return text[at + 1] === 'u' ? 6 : 2;
}
