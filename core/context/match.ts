/**
 * Wildcards of COPY and ADD sources: Go's path.Match (https://pkg.go.dev/path#Match), where `*` and `?` stay inside one path component.
 * No `**` and no `!`; those belong to ignore patterns (`patterns.ts`). `[^x]` can match a slash, as in Go.
 */

/** A wildcard pattern ready for many names. */
export interface Glob {
  readonly pattern: string;
  /** True when the whole name matches. */
  test(name: string): boolean;
}

/** Undefined when Go answers "syntax error in pattern". */
export function compileGlob(pattern: string): Glob | undefined {
  const chunks = readChunks(pattern);
  if (chunks === undefined) return undefined;
  return { pattern, test: (name) => matchChunks(chunks, name) };
}

/** True when the text holds a wildcard that is not escaped. */
export function hasWildcard(text: string): boolean {
  return /^(?:[^\\*?[]|\\[^])*[*?[]/.test(text);
}

/** `fixed` is the part before the first component with a wildcard, `pattern` the rest; either may be ''. */
export function splitWildcards(path: string): { readonly fixed: string; readonly pattern: string } {
  const parts = path.split('/');
  const first = parts.findIndex(hasWildcard);
  if (first < 0) return { fixed: path, pattern: '' };
  return { fixed: parts.slice(0, first).join('/'), pattern: parts.slice(first).join('/') };
}

type Token =
  | { readonly kind: 'literal'; readonly point: number }
  | { readonly kind: 'any' }
  | {
      readonly kind: 'class';
      readonly isNegated: boolean;
      readonly ranges: readonly (readonly [number, number])[];
    };

/** What stands between two stars; `afterStar` when a star comes before it. */
interface Chunk {
  readonly afterStar: boolean;
  readonly tokens: readonly Token[];
}

function readChunks(pattern: string): readonly Chunk[] | undefined {
  const points = Array.from(pattern);
  const chunks: Chunk[] = [];
  let at = 0;
  while (at < points.length) {
    let afterStar = false;
    while (points[at] === '*') {
      afterStar = true;
      at += 1;
    }
    const tokens: Token[] = [];
    while (at < points.length && points[at] !== '*') {
      const next = readToken(points, at);
      if (next === undefined) return undefined;
      tokens.push(next.token);
      at = next.end;
    }
    chunks.push({ afterStar, tokens });
  }
  return chunks;
}

function readToken(
  points: readonly string[],
  at: number,
): { readonly token: Token; readonly end: number } | undefined {
  const point = points[at] ?? '';
  if (point === '?') return { token: { kind: 'any' }, end: at + 1 };
  if (point === '[') return readClass(points, at + 1);
  const isEscape = point === '\\';
  const literal = isEscape ? points[at + 1] : point;
  if (literal === undefined) return undefined;
  return { token: { kind: 'literal', point: literal.codePointAt(0) ?? 0 }, end: at + (isEscape ? 2 : 1) };
}

/** At least one range; a bare `-` or `]` inside must be escaped, as Go demands. */
function readClass(
  points: readonly string[],
  start: number,
): { readonly token: Token; readonly end: number } | undefined {
  const isNegated = points[start] === '^';
  const ranges: (readonly [number, number])[] = [];
  let at = isNegated ? start + 1 : start;
  while (points[at] !== ']' || ranges.length === 0) {
    const low = readClassPoint(points, at);
    if (low === undefined) return undefined;
    at = low.end;
    let high = low;
    if (points[at] === '-') {
      const end = readClassPoint(points, at + 1);
      if (end === undefined) return undefined;
      high = end;
      at = end.end;
    }
    if (points[at] === undefined) return undefined;
    ranges.push([low.point, high.point]);
  }
  return { token: { kind: 'class', isNegated, ranges }, end: at + 1 };
}

function readClassPoint(
  points: readonly string[],
  at: number,
): { readonly point: number; readonly end: number } | undefined {
  const point = points[at];
  if (point === undefined || point === '-' || point === ']') return undefined;
  const escaped = point === '\\' ? points[at + 1] : point;
  if (escaped === undefined) return undefined;
  return { point: escaped.codePointAt(0) ?? 0, end: at + (point === '\\' ? 2 : 1) };
}

const SLASH = 47;

/** A star takes the shortest run that lets its chunk match, and is never reconsidered: Go's rule, kept because it shows with `[^x]`. */
function matchChunks(chunks: readonly Chunk[], text: string): boolean {
  const name = Array.from(text, (point) => point.codePointAt(0) ?? 0);
  let at = 0;
  for (const [chunkIndex, chunk] of chunks.entries()) {
    const isLast = chunkIndex === chunks.length - 1;
    if (chunk.afterStar && chunk.tokens.length === 0) return !name.includes(SLASH, at);
    let end = matchChunk(chunk.tokens, name, at);
    if (end === undefined || (isLast && end < name.length)) {
      end = chunk.afterStar ? searchChunk(chunk.tokens, name, at, isLast) : undefined;
    }
    if (end === undefined) return false;
    at = end;
  }
  return at === name.length;
}

/** End of the first match that begins after at least one skipped rune of this component. */
function searchChunk(
  tokens: readonly Token[],
  name: readonly number[],
  start: number,
  isLast: boolean,
): number | undefined {
  for (let at = start; at < name.length && name[at] !== SLASH; at += 1) {
    const end = matchChunk(tokens, name, at + 1);
    if (end !== undefined && (!isLast || end === name.length)) return end;
  }
  return undefined;
}

function matchChunk(tokens: readonly Token[], name: readonly number[], start: number): number | undefined {
  let at = start;
  for (const token of tokens) {
    const point = name[at];
    if (point === undefined || !matchToken(token, point)) return undefined;
    at += 1;
  }
  return at;
}

function matchToken(token: Token, point: number): boolean {
  switch (token.kind) {
    case 'literal':
      return token.point === point;
    case 'any':
      return point !== SLASH;
    case 'class':
      return token.ranges.some(([low, high]) => low <= point && point <= high) !== token.isNegated;
  }
}
