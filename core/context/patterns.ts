/**
 * Lists of include or exclude patterns, as .dockerignore, `COPY --exclude` and `COPY --parents` use them.
 * Follows github.com/moby/patternmatcher (MatchesUsingParentResults) and the way fsutil walks with it:
 * a path inherits, pattern by pattern, what its directory matched, and later patterns win over earlier ones.
 */

import { goRegExp } from './go-regexp.ts';
import { compileGlob } from './match.ts';
import { cleanPath } from './paths.ts';

/** What a directory matched; handed to the matches of its children. Opaque. */
export interface DirectoryMatch {
  readonly isMatch: boolean;
  /** One flag per pattern: did it match this directory or one above. Empty for the tree's root. */
  readonly inherited: Uint8Array;
}

export interface PatternMatcher {
  readonly nPatterns: number;
  /** True when a `!pattern` is in the list. */
  readonly hasExceptions: boolean;
  readonly root: DirectoryMatch;
  /** `path` is relative to the tree's root; `parent` is the match of the directory it lies in. */
  matchFile(path: string, parent: DirectoryMatch): boolean;
  matchDirectory(path: string, parent: DirectoryMatch): DirectoryMatch;
  /** The same answer for one path alone, its directories matched from the root down. */
  matches(path: string): boolean;
  /** True when nothing below a matched directory can be taken out of the match by an exception. */
  coversBelow(path: string): boolean;
}

export interface PatternFault {
  /** Index into the list given. */
  readonly index: number;
  /** BuildKit's words. */
  readonly message: string;
}

/** Blank patterns are left out. Patterns at fault match nothing and are listed; BuildKit refuses the whole list for one of them. */
export function compilePatterns(texts: readonly string[]): {
  readonly matcher: PatternMatcher;
  readonly faults: readonly PatternFault[];
} {
  const patterns: Pattern[] = [];
  const faults: PatternFault[] = [];
  for (const [index, text] of texts.entries()) {
    const pattern = compilePattern(text);
    if (pattern === undefined) continue;
    if ('message' in pattern) faults.push({ index, message: pattern.message });
    else patterns.push(pattern);
  }
  return { matcher: matcherOf(patterns), faults };
}

interface Pattern {
  readonly text: string;
  /** `!pattern`: takes paths out of the match. */
  readonly isException: boolean;
  test(path: string): boolean;
}

function compilePattern(raw: string): Pattern | { readonly message: string } | undefined {
  const trimmed = trimSpace(raw);
  if (trimmed === '') return undefined;
  const cleaned = cleanPath(trimmed);
  if (cleaned === '!') return { message: 'illegal exclusion pattern: "!"' };
  const isException = cleaned.startsWith('!');
  const text = isException ? cleaned.slice(1) : cleaned;
  const test = compileGlob(text) === undefined ? undefined : compileTest(text);
  return test === undefined ? { message: 'syntax error in pattern' } : { text, isException, test };
}

/** Go's strings.TrimSpace: JavaScript's trim also takes U+FEFF, and leaves U+0085. */
export function trimSpace(text: string): string {
  return text.replace(LEADING_SPACE, '').replace(TRAILING_SPACE, '');
}

const LEADING_SPACE = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const TRAILING_SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/;

/** The cheap forms first; the regular expression is what moby makes of the others, oddities included. */
function compileTest(text: string): ((path: string) => boolean) | undefined {
  const { kind, source } = patternSource(text);
  switch (kind) {
    case 'exact':
      return (path) => path === text;
    case 'prefix': {
      const prefix = text.slice(0, -2);
      return (path) => path.startsWith(prefix);
    }
    case 'suffix': {
      const suffix = text.slice(2);
      const whole = suffix.startsWith('/') ? suffix.slice(1) : undefined;
      return (path) => path.endsWith(suffix) || path === whole;
    }
    case 'regexp': {
      const expression = goRegExp(source);
      return expression === undefined ? undefined : (path) => expression.test(path);
    }
  }
}

/** `**` at the very start makes a suffix match unless a later wildcard needs the expression. */
function patternSource(text: string): {
  readonly kind: 'exact' | 'prefix' | 'suffix' | 'regexp';
  readonly source: string;
} {
  const points = Array.from(text);
  let kind: 'exact' | 'prefix' | 'suffix' | 'regexp' = 'exact';
  let source = '^';
  for (let at = 0; at < points.length; at += 1) {
    const point = points[at] ?? '';
    if (point === '*' && points[at + 1] === '*') {
      const isFirst = at === 0;
      at += points[at + 2] === '/' ? 2 : 1;
      if (at < points.length - 1) {
        source += '(.*/)?';
        kind = 'regexp';
      } else if (kind === 'exact') {
        kind = 'prefix';
      } else {
        source += '.*';
        kind = 'regexp';
      }
      if (isFirst) kind = 'suffix';
    } else if (point === '*' || point === '?') {
      source += point === '*' ? '[^/]*' : '[^/]';
      kind = 'regexp';
    } else if (point === '\\' && at + 1 < points.length) {
      at += 1;
      source += `\\${points[at] ?? ''}`;
      kind = 'regexp';
    } else if (point === '[' || point === ']') {
      source += point;
      kind = 'regexp';
    } else {
      source += '.+()|{}$\\'.includes(point) ? `\\${point}` : point;
    }
  }
  return { kind, source: `${source}$` };
}

function matcherOf(patterns: readonly Pattern[]): PatternMatcher {
  const exceptions = patterns.filter((pattern) => pattern.isException);
  const plainExceptions = exceptions.map((pattern) => withoutTrailingGlob(pattern.text));
  const arePlain = !plainExceptions.some((text) => /[*[\]?^\\]/.test(text));
  const root: DirectoryMatch = { isMatch: false, inherited: new Uint8Array(0) };

  function match(path: string, parent: DirectoryMatch, record: Uint8Array | undefined): boolean {
    let isMatch = false;
    for (let index = 0; index < patterns.length; index += 1) {
      const pattern = patterns[index];
      if (pattern === undefined) break;
      if (parent.inherited[index] !== 1) {
        // An exception matters only once something matched, and the other way round.
        if (pattern.isException !== isMatch || !pattern.test(path)) continue;
      }
      if (record !== undefined) record[index] = 1;
      isMatch = !pattern.isException;
    }
    return isMatch;
  }
  function matchDirectory(path: string, parent: DirectoryMatch): DirectoryMatch {
    const inherited = new Uint8Array(patterns.length);
    return { isMatch: match(path, parent, inherited), inherited };
  }
  function matches(path: string): boolean {
    let parent = root;
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      parent = matchDirectory(path.slice(0, slash), parent);
    }
    return match(path, parent, undefined);
  }
  function coversBelow(path: string): boolean {
    if (exceptions.length === 0) return true;
    return arePlain && !plainExceptions.some((text) => `${text}/`.startsWith(`${path}/`));
  }
  return {
    nPatterns: patterns.length,
    hasExceptions: exceptions.length > 0,
    root,
    matchFile: (path, parent) => match(path, parent, undefined),
    matchDirectory,
    matches,
    coversBelow,
  };
}

function withoutTrailingGlob(text: string): string {
  const shorter = text.endsWith('/**') ? text.slice(0, -3) : text;
  return shorter.endsWith('/*') ? shorter.slice(0, -2) : shorter;
}
