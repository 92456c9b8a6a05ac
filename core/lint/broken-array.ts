/** Text that was meant as a JSON array and is none: where it stops being one. BuildKit takes such text for a shell command (dockerd 28.5.2). */

import type { Span } from '../source.ts';
import { SINGLE_QUOTED_ARRAY } from './json-command.ts';

export interface BrokenArray {
  /** In the text given. */
  readonly span: Span;
  /** What is wrong there, as the middle of a sentence. */
  readonly fault: string;
}

/** Undefined for what is an array, for what a shell can make sense of, and for arrays in single quotes, of which NR026 knows more. */
export function brokenArray(text: string): BrokenArray | undefined {
  if (!LOOKS_LIKE_ARRAY.test(text) || SHELL_TEST.test(text) || SINGLE_QUOTED_ARRAY.test(text))
    return undefined;
  if (isJson(text)) return undefined; // of something else than strings, which no builder takes
  let at = skipBlanks(text, 1);
  for (;;) {
    const end = stringEnd(text, at);
    if (typeof end !== 'number') return end;
    at = skipBlanks(text, end);
    if (text[at] !== ',') break;
    const comma = at;
    at = skipBlanks(text, at + 1);
    if (text[at] === ']') return broken(comma, comma + 1, 'nothing follows the last comma');
  }
  const rest = text.slice(at);
  if (rest === '') return broken(0, text.length, 'the closing ] is missing');
  if (!rest.startsWith(']'))
    return broken(at, at + wordAt(text, at).length, 'a comma is missing before this');
  const after = skipBlanks(text, at + 1);
  return after === text.length ? undefined : broken(after, text.length, 'the array ends before this');
}

/** A quote or a list of words behind the bracket; where a blank stands between, as in a test of the shell, a comma must follow. */
const LOOKS_LIKE_ARRAY = /^\[(?:["'“”„‘’]|[^\s[\]"']+\s*,|[\w./-]+\]$|\s+(?:"[^"]*"|'[^']*')\s*,)/;

/** `["$A" = b ]`: lacks a blank, not a comma. */
const SHELL_TEST = /^\[\s*(?:"[^"]*"|'[^']*')\s*(?:!?=|-[a-z]{2}\b)/;

const CHARACTERS = String.raw`(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*`;
const STRING_START = new RegExp(`"${CHARACTERS}`, 'y');

/** Where the string ends that has to begin there. */
function stringEnd(text: string, start: number): number | BrokenArray {
  const first = text[start];
  if (first === undefined) return broken(0, text.length, 'the closing ] is missing');
  if (first === ',') return broken(start, start + 1, 'a string is missing before this comma');
  if (/['“”„‘’]/.test(first)) return broken(start, start + 1, `${first} is no quote of JSON, " is`);
  if (first !== '"') {
    const word = wordAt(text, start);
    return broken(start, start + word.length, `${word} has no quotes`);
  }
  STRING_START.lastIndex = start;
  const end = start + (STRING_START.exec(text)?.[0].length ?? 1);
  switch (text[end]) {
    case '"':
      return end + 1;
    case undefined:
      return broken(start, text.length, 'the last string has no closing quote');
    case '\\':
      return broken(
        end,
        end + 2,
        `${text.slice(end, end + 2)} means nothing in JSON, where a backslash is \\\\`,
      );
    default:
      return broken(end, end + 1, 'a string of JSON holds no tab and no control character');
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function wordAt(text: string, at: number): string {
  return /^[^\s,\]]*/.exec(text.slice(at))?.[0] ?? '';
}

function skipBlanks(text: string, from: number): number {
  return from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
}

function broken(start: number, end: number, fault: string): BrokenArray {
  return { span: { start, end }, fault };
}
