/**
 * Splitting an instruction's text into words. BuildKit has several ways, and each instruction uses its own:
 * plain blanks (FROM, COPY, EXPOSE, VOLUME), quotes respected and kept (ENV, LABEL, ARG), and JSON arrays of strings.
 * Follows BuildKit's line_parsers.go.
 */

import { isSeparator, isSpace } from './blanks.ts';
import type { LogicalLine, Word } from './types.ts';

/** The part `[start, end)` of a line as a word. */
export function wordAt(line: LogicalLine, start: number, end: number): Word {
  return { text: line.text.slice(start, end), span: line.spanOf(start, end) };
}

/** The whole line as one word, or undefined if it is empty. */
export function wholeWord(line: LogicalLine): Word | undefined {
  return line.text === '' ? undefined : wordAt(line, 0, line.text.length);
}

/** Words between blanks; quotes mean nothing. */
export function plainWords(line: LogicalLine): Word[] {
  const words: Word[] = [];
  const { text } = line;
  for (let at = 0; at < text.length; ) {
    while (at < text.length && isSeparator(text.charCodeAt(at))) at += 1;
    const start = at;
    while (at < text.length && !isSeparator(text.charCodeAt(at))) at += 1;
    if (at > start) words.push(wordAt(line, start, at));
  }
  return words;
}

/** A part of a line's text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Words between blanks outside quotes. Quotes and escapes belong to the word, except an escape character that ends the line. */
export function quotedRanges(line: LogicalLine, escape: string): Range[] {
  const ranges: Range[] = [];
  const { text } = line;
  for (let at = 0; at < text.length; ) {
    if (isSpace(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const next = endOfQuotedWord(text, at, escape);
    const isEscapeLast = next === text.length && endsInLoneEscape(text, at, escape);
    const end = isEscapeLast ? next - 1 : next;
    if (end > at) ranges.push({ start: at, end });
    at = next;
  }
  return ranges;
}

/** `name=value` at its first `=`; `value` is absent without one. */
export function splitAtEquals(
  line: LogicalLine,
  range: Range,
): { readonly key: Word; readonly value?: Word } {
  const equals = line.text.indexOf('=', range.start);
  if (equals < 0 || equals >= range.end) return { key: wordAt(line, range.start, range.end) };
  return { key: wordAt(line, range.start, equals), value: wordAt(line, equals + 1, range.end) };
}

/** A JSON array of strings, its strings as words (spans include the quotes); or why it is none. */
export type JsonArray =
  | { readonly kind: 'strings'; readonly words: readonly Word[] }
  | { readonly kind: 'not-strings' }
  | { readonly kind: 'not-json' };

/** Reads the whole line as JSON, as strictly as Go's encoding/json does. */
export function jsonArray(line: LogicalLine): JsonArray {
  const { text } = line;
  if (!/^\s*\[/.test(text)) return NOT_JSON;
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
  if (!Array.isArray(values)) return NOT_JSON;
  const words: Word[] = [];
  const literal = /"(?:[^"\\]|\\.)*"/g;
  for (const value of values) {
    if (typeof value !== 'string') return { kind: 'not-strings' };
    const found = literal.exec(text);
    if (found !== null) {
      words.push({ text: value, span: line.spanOf(found.index, found.index + found[0].length) });
    }
  }
  return { kind: 'strings', words };
}

const NOT_JSON: JsonArray = { kind: 'not-json' };

function endOfQuotedWord(text: string, start: number, escape: string): number {
  let quote = '';
  let at = start;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === escape && quote !== "'") {
      at += 2;
      continue;
    }
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") {
      quote = char;
    } else if (isSpace(text.charCodeAt(at))) {
      return at;
    }
    at += 1;
  }
  return text.length;
}

/** True if the last character is an escape that has nothing to escape; outside `'…'`. */
function endsInLoneEscape(text: string, start: number, escape: string): boolean {
  let quote = '';
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === escape && quote !== "'") {
      if (at + 1 === text.length) return true;
      at += 1;
    } else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
  }
  return false;
}
