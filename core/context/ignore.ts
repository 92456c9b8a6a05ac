/**
 * .dockerignore: which file holds it, how its lines are read, and the patterns made of them.
 * Follows github.com/moby/patternmatcher/ignorefile and BuildKit's dockerui: `<Dockerfile>.dockerignore` beside the Dockerfile wins over `.dockerignore` in the context's root.
 */

import type { Parsed, Problem, Span } from '../source.ts';
import type { FileTree } from './file-tree.ts';
import { cleanPath } from './paths.ts';
import { compilePatterns, type PatternMatcher, trimSpace } from './patterns.ts';

export interface IgnoreLine {
  /** Cleaned, without leading slash; `!` kept. */
  readonly pattern: string;
  /** Of the trimmed text in the file. */
  readonly span: Span;
}

export interface IgnoreFile {
  /** In file order, comments and blank lines left out. */
  readonly lines: readonly IgnoreLine[];
  readonly matcher: PatternMatcher;
}

/** Problems have severity "error": BuildKit refuses to build with them. */
export function readIgnoreFile(text: string): Parsed<IgnoreFile> {
  const lines = readLines(text);
  const { matcher, faults } = compilePatterns(lines.map((line) => line.pattern));
  const problems = faults.map((fault): Problem => {
    const span = lines[fault.index]?.span ?? { start: 0, end: 0 };
    const message = `invalid ignore pattern ${JSON.stringify(text.slice(span.start, span.end))}: ${fault.message}`;
    return { code: 'E_IGNORE_PATTERN', severity: 'error', message, span };
  });
  return { value: { lines, matcher }, problems };
}

/** Nothing is ignored. */
export function emptyIgnoreFile(): IgnoreFile {
  return { lines: [], matcher: compilePatterns([]).matcher };
}

/** A larger ignore file is refused. */
const MAX_IGNORE_FILE_BYTES = 4 * 1024 * 1024;

export interface FoundIgnoreFile {
  readonly tree: 'dockerfile' | 'context';
  /** In that tree. */
  readonly path: string;
  readonly text: string;
}

/**
 * The ignore file that applies to a build, undefined when there is none.
 * `dockerfiles` is the tree the Dockerfile lies in, often the context itself; an empty specific file wins, too.
 *
 * @throws NaruError "invalid-argument" when it is larger than MAX_IGNORE_FILE_BYTES
 */
export async function findIgnoreFile(
  dockerfiles: FileTree,
  dockerfilePath: string,
  context: FileTree,
): Promise<FoundIgnoreFile | undefined> {
  const specific = `${dockerfilePath}.dockerignore`;
  const own = await dockerfiles.read(specific, MAX_IGNORE_FILE_BYTES);
  if (own !== undefined) return { tree: 'dockerfile', path: specific, text: decode(own) };
  const general = await context.read('.dockerignore', MAX_IGNORE_FILE_BYTES);
  if (general === undefined) return undefined;
  return { tree: 'context', path: '.dockerignore', text: decode(general) };
}

/** Bytes that are no UTF-8 become U+FFFD, which no file name holds. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** A comment has its `#` in the first column; after a `!` blanks are dropped; an absolute path means the context's root. */
function readLines(text: string): readonly IgnoreLine[] {
  const lines: IgnoreLine[] = [];
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  while (start <= text.length) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const line = text.slice(start, end);
    const trimmed = trimSpace(line);
    if (trimmed !== '' && !line.startsWith('#')) {
      const at = start + line.indexOf(trimmed);
      lines.push({ pattern: normalise(trimmed), span: { start: at, end: at + trimmed.length } });
    }
    start = end + 1;
  }
  return lines;
}

function normalise(trimmed: string): string {
  const isException = trimmed.startsWith('!');
  const body = isException ? trimSpace(trimmed.slice(1)) : trimmed;
  if (body === '') return '!';
  const cleaned = cleanPath(body);
  const relative = cleaned.length > 1 && cleaned.startsWith('/') ? cleaned.slice(1) : cleaned;
  return isException ? `!${relative}` : relative;
}
