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
  const pieces: string[] = [];
  const logicalStarts: number[] = [];
  const sourceStarts: number[] = [];
  const comments: Comment[] = [];
  const emptyLines: Span[] = [];
  let length = 0;
  let at = start;
  let nLines = 0;
  let end = start;
  for (;;) {
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
        pieces.push(text.slice(at, contentEnd));
        logicalStarts.push(length);
        sourceStarts.push(at);
        length += contentEnd - at;
      }
      end = line.end;
      if (cut === undefined) return finish(line.next);
    }
    if (line.next >= text.length) return finish(line.next);
    at = line.next;
  }

  function finish(next: number): ReadLine {
    const joined = pieces.length === 1 ? (pieces[0] ?? '') : pieces.join('');
    const logical = mappedLine(joined, { logicalStarts, sourceStarts }, { start, end });
    return { logical, next, nLines, comments, emptyLines };
  }
}

/** The part `[start, end)` of a logical line as a logical line of its own. */
export function sliceLine(line: LogicalLine, start: number, end: number): LogicalLine {
  const text = line.text.slice(start, end);
  const span = line.spanOf(start, end);
  return {
    text,
    span,
    sourceOffset: (at) => (at >= text.length ? span.end : line.sourceOffset(start + at)),
    spanOf: (from, to) => line.spanOf(start + from, start + Math.min(to, text.length)),
  };
}

/** Where the content of a continued line ends, or undefined if the line is not continued. */
function continuationCut(text: string, start: number, end: number, escape: string): number | undefined {
  let at = end - 1;
  while (at >= start && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at -= 1;
  if (at < start || text[at] !== escape) return undefined;
  if (at > start && text[at - 1] === escape) return undefined;
  return at;
}

interface Mapping {
  readonly logicalStarts: readonly number[];
  readonly sourceStarts: readonly number[];
}

function mappedLine(text: string, mapping: Mapping, span: Span): LogicalLine {
  function offsetOf(at: number): number {
    const { logicalStarts, sourceStarts } = mapping;
    let low = 0;
    let high = logicalStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((logicalStarts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return (sourceStarts[low] ?? span.start) + at - (logicalStarts[low] ?? 0);
  }
  function sourceOffset(at: number): number {
    return at >= text.length ? span.end : offsetOf(Math.max(0, at));
  }
  function spanOf(from: number, to: number): Span {
    const start = from >= text.length ? span.end : offsetOf(from);
    return { start, end: to > from ? Math.max(start, offsetOf(to - 1) + 1) : start };
  }
  return { text, span, sourceOffset, spanOf };
}

/** Lines of 64 KiB or more make BuildKit's scanner give up; the offset where the first such line starts. */
export function tooLongLine(text: string): number | undefined {
  const limit = 65536;
  if (text.length < limit / 3) return undefined;
  for (let at = 0; at < text.length; ) {
    const { end, next } = physicalLine(text, at);
    const isSuspect = (end - at) * 3 >= limit;
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
