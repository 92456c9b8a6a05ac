/**
 * Physical lines -> one logical line: continuations joined, comment lines and empty lines between them taken out.
 * Follows BuildKit's parser.Parse (frontend/dockerfile/parser/parser.go), including that only the first line loses its leading blanks
 * and that an escape character preceded by another one does not continue the line.
 */

import type { Span } from '../source.ts';
import { isSpace, skipSpace, trimSpaceEnd } from './blanks.ts';
import type { Comment, LogicalLine } from './types.ts';

export interface ReadLine {
  readonly logical: LogicalLine;
  /** Offset where the next physical line starts. */
  readonly next: number;
  /** Physical lines consumed. */
  readonly nLines: number;
  readonly comments: readonly Comment[];
  readonly emptyLines: readonly Span[];
}

/** Bounds of the physical line that starts at `start`: `end` excludes the line break (and every CR before it), `next` is past it. */
export function physicalLine(text: string, start: number): { readonly end: number; readonly next: number } {
  const newline = text.indexOf('\n', start);
  const next = newline < 0 ? text.length : newline + 1;
  let end = newline < 0 ? text.length : newline;
  while (end > start && text.charCodeAt(end - 1) === 13) end -= 1;
  return { end, next };
}

/** The comment in `[start, end)`, whose first non-blank character is `#`. */
export function commentAt(text: string, start: number, end: number, isInsideInstruction: boolean): Comment {
  const hash = skipSpace(text, start, end);
  const from = skipSpace(text, hash + 1, end);
  const to = trimSpaceEnd(text, from, end);
  return {
    text: text.slice(from, to),
    span: { start: hash, end: Math.max(to, hash + 1) },
    isInsideInstruction,
  };
}

/**
 * Reads the logical line whose first physical line starts at `start`.
 * `text[start]` is neither blank nor `#`: the caller has skipped leading blanks, comments and empty lines.
 */
export function readLogicalLine(text: string, start: number, escape: string): ReadLine {
  const { end, next } = physicalLine(text, start);
  if (continuationCut(text, start, end, escape) !== undefined) return readContinued(text, start, escape);
  const whole = { start, end, length: end - start, pieces: undefined };
  const logical = new MappedLine(text.slice(start, end), { start, end }, whole, 0);
  return { logical, next, nLines: 1, comments: NONE, emptyLines: NONE };
}

const NONE: readonly never[] = [];

function readContinued(text: string, start: number, escape: string): ReadLine {
  const pieces: Piece[] = [];
  const comments: Comment[] = [];
  const emptyLines: Span[] = [];
  let joined = '';
  let at = start;
  let nLines = 0;
  let end = start;
  let isContinued = true;
  while (isContinued) {
    const line = physicalLine(text, at);
    nLines += 1;
    const first = skipSpace(text, at, line.end);
    if (nLines > 1 && first < line.end && text.charCodeAt(first) === 35) {
      comments.push(commentAt(text, first, line.end, true));
    } else if (nLines > 1 && first === line.end) {
      emptyLines.push({ start: at, end: line.end });
    } else {
      const cut = continuationCut(text, at, line.end, escape);
      const contentEnd = cut ?? line.end;
      if (contentEnd > at) {
        pieces.push({ logicalStart: joined.length, sourceStart: at });
        joined += text.slice(at, contentEnd);
      }
      end = line.end;
      isContinued = cut !== undefined;
    }
    at = line.next;
    if (at >= text.length) break;
  }
  const whole = { start, end, length: joined.length, pieces };
  const logical = new MappedLine(joined, { start, end }, whole, 0);
  return { logical, next: at, nLines, comments, emptyLines };
}

/** A logical line as a whole, which its parts share. */
interface WholeLine {
  readonly length: number;
  /** Where its text starts and where it ends in the source. */
  readonly start: number;
  readonly end: number;
  /** Where each continued piece of it starts; undefined when it is one piece. */
  readonly pieces: readonly Piece[] | undefined;
}

interface Piece {
  readonly logicalStart: number;
  readonly sourceStart: number;
}

/** A class, not closures: there are several of them for each instruction of a file. */
class MappedLine implements LogicalLine {
  readonly text: string;
  readonly span: Span;
  readonly #whole: WholeLine;
  /** Of the first character, in the whole line. */
  readonly #start: number;

  constructor(text: string, span: Span, whole: WholeLine, start: number) {
    this.text = text;
    this.span = span;
    this.#whole = whole;
    this.#start = start;
  }

  sourceOffset(at: number): number {
    return at >= this.text.length ? this.span.end : offsetIn(this.#whole, this.#start + Math.max(0, at));
  }

  spanOf(from: number, to: number): Span {
    const start = offsetIn(this.#whole, this.#start + from);
    const last = Math.min(to, this.text.length) - 1;
    return {
      start,
      end: last < from ? start : Math.max(start, offsetIn(this.#whole, this.#start + last) + 1),
    };
  }

  part(start: number, end: number): LogicalLine {
    const from = this.#start + start;
    return new MappedLine(this.text.slice(start, end), this.spanOf(start, end), this.#whole, from);
  }
}

function offsetIn({ end, length, pieces, start }: WholeLine, at: number): number {
  if (at >= length) return end;
  if (pieces === undefined) return start + at;
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.logicalStart ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  const { logicalStart = 0, sourceStart = start } = pieces[low] ?? {};
  return sourceStart + at - logicalStart;
}

/** Where the content of a continued line ends, or undefined if the line is not continued. */
function continuationCut(text: string, start: number, end: number, escape: string): number | undefined {
  let at = end - 1;
  while (at >= start && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at -= 1;
  if (at < start || text[at] !== escape) return undefined;
  if (at > start && text[at - 1] === escape) return undefined;
  return at;
}

/** Lines of 64 KiB or more make BuildKit's scanner give up; the offset where the first such line starts. */
export function tooLongLine(text: string): number | undefined {
  const limit = 65536;
  if (text.length < limit / 3) return undefined;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const next = newline < 0 ? text.length : newline + 1;
    const isSuspect = (next - at) * 3 >= limit;
    if (isSuspect && new TextEncoder().encode(text.slice(at, next)).length >= limit) return at;
    at = next;
  }
  return undefined;
}

/** True if the first non-blank character of the line is `#`. */
export function isCommentLine(text: string, start: number, end: number): boolean {
  let at = start;
  while (at < end && isSpace(text.charCodeAt(at))) at += 1;
  return at < end && text.charCodeAt(at) === 35;
}
