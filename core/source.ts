/**
 * Positions in a text: spans are UTF-16 offsets, the one currency inside core; lines and columns are made at the edge.
 */

/** Half-open range of UTF-16 offsets into the source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** 0-based line and 0-based UTF-16 column, as in LSP. Human output and JSON of the CLI add 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface LineIndex {
  readonly nLines: number;
  /** Offsets past the end answer the last position. */
  positionAt(offset: number): Position;
  /** Positions past a line's end answer the line's end. */
  offsetAt(position: Position): number;
  /** The line without its terminator. */
  lineSpan(line: number): Span;
}

/** Something an analysis found wrong with its input; it never stops the analysis. */
export interface Problem {
  /** Stable, searchable: `E_UNKNOWN_INSTRUCTION`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly span: Span;
  readonly hint?: string;
  /** What was probably meant in place of the span's text. */
  readonly instead?: string;
}

/** What every analysis returns: the best value that could be made, and what was wrong. */
export interface Parsed<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}

/** Lines end in LF, CRLF or CR LF mixed; a lone CR is content, as BuildKit reads it. */
export function lineIndex(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);

  function startOf(line: number): number {
    return starts[Math.max(0, Math.min(line, starts.length - 1))] ?? 0;
  }
  function lineSpan(line: number): Span {
    const start = startOf(line);
    let end = line + 1 < starts.length ? startOf(line + 1) - 1 : text.length;
    if (end > start && text.charCodeAt(end - 1) === 13 && end < text.length) end -= 1;
    return { start, end };
  }
  function positionAt(offset: number): Position {
    const at = Math.max(0, Math.min(offset, text.length));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (startOf(middle) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: at - startOf(low) };
  }
  function offsetAt(position: Position): number {
    const { start, end } = lineSpan(position.line);
    return Math.min(start + position.column, end);
  }
  return { nLines: starts.length, positionAt, offsetAt, lineSpan };
}
