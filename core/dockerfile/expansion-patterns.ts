/**
 * The patterns of `${v#p}`, `${v%p}` and `${v/p/r}`: `*`, `?` and escapes, no brackets.
 * BuildKit turns them into Go regular expressions; matched here without any, in time proportional to pattern × text.
 * Leftmost match, and of those the one a backtracking expression would find first.
 */

export interface PatternResult {
  readonly text: string;
  /** Why the pattern is invalid. */
  readonly fault?: string;
}

/** `${value#pattern}`: the shortest matching prefix removed, the longest if greedy. */
export function removePrefix(value: string, pattern: string, isGreedy: boolean): PatternResult {
  const parsed = parsePattern(pattern);
  if ('fault' in parsed) return { text: '', fault: parsed.fault };
  const chars = Array.from(value);
  const end = matcher(parsed.tokens, chars, isGreedy)(0);
  return { text: end === undefined ? value : chars.slice(end).join('') };
}

/** `${value%pattern}`: as `removePrefix`, from the end. */
export function removeSuffix(value: string, pattern: string, isGreedy: boolean): PatternResult {
  const parsed = parsePattern(pattern);
  if ('fault' in parsed) return { text: '', fault: parsed.fault };
  const chars = Array.from(value).reverse();
  const end = matcher([...parsed.tokens].reverse(), chars, isGreedy)(0);
  return { text: end === undefined ? value : chars.slice(end).reverse().join('') };
}

/** `${value/pattern/replacement}`; `isAll` for `//`. */
export function replacePattern(
  value: string,
  pattern: string,
  replacement: string,
  isAll: boolean,
): PatternResult {
  const parsed = parsePattern(pattern);
  if ('fault' in parsed) return { text: '', fault: parsed.fault };
  const chars = Array.from(value);
  const endOf = matcher(parsed.tokens, chars, true);
  let result = '';
  let copied = 0;
  let lastEnd = -1;
  for (let at = 0; at <= chars.length; ) {
    const end = endOf(at);
    if (end === undefined || (end === at && at === lastEnd)) {
      at += 1;
      continue;
    }
    const matched = chars.slice(at, end).join('');
    result += chars.slice(copied, at).join('') + (isAll ? goTemplate(replacement, matched) : replacement);
    copied = end;
    lastEnd = end;
    if (!isAll) break;
    at = end > at ? end : at + 1;
  }
  return { text: result + chars.slice(copied).join('') };
}

/** Bounds the depth of the search; ours, Go has no such limit. */
const MAX_STARS = 500;

type Token = { readonly kind: 'any' | 'one' } | { readonly kind: 'char'; readonly char: string };

function parsePattern(pattern: string): { readonly tokens: readonly Token[] } | { readonly fault: string } {
  const chars = Array.from(pattern);
  const tokens: Token[] = [];
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? '';
    if (char === '*') {
      if (tokens.at(-1)?.kind !== 'any') tokens.push({ kind: 'any' });
    } else if (char === '?') tokens.push({ kind: 'one' });
    else if (char === '\\') {
      at += 1;
      const escaped = chars[at] ?? '\uFFFD';
      if (!'*?\\}/'.includes(escaped)) return { fault: `invalid escape '\\${escaped}'` };
      tokens.push({ kind: 'char', char: escaped });
    } else tokens.push({ kind: 'char', char });
  }
  const nStars = tokens.filter(({ kind }) => kind === 'any').length;
  return nStars > MAX_STARS ? { fault: 'too many wildcards' } : { tokens };
}

/** Finds the end of the match that starts at an offset, or undefined. */
type Matcher = (start: number) => number | undefined;

/**
 * A matcher for one text; what failed once is remembered for all starts.
 * A line feed is matched by neither `*` nor `?`, as in Go.
 */
function matcher(tokens: readonly Token[], chars: readonly string[], isGreedy: boolean): Matcher {
  const failed = new Set<number>();
  function match(firstToken: number, start: number): number | undefined {
    let token = firstToken;
    let at = start;
    for (let wanted = tokens[token]; wanted !== undefined; wanted = tokens[token]) {
      if (wanted.kind === 'any') return matchAny(token, at);
      const char = chars[at];
      if (char === undefined || (wanted.kind === 'char' ? char !== wanted.char : char === '\n'))
        return undefined;
      token += 1;
      at += 1;
    }
    return at;
  }
  function matchAny(token: number, at: number): number | undefined {
    const state = token * (chars.length + 1) + at;
    if (failed.has(state)) return undefined;
    let limit = at;
    while (limit < chars.length && chars[limit] !== '\n') limit += 1;
    for (let taken = 0; taken <= limit - at; taken += 1) {
      const end = match(token + 1, isGreedy ? limit - taken : at + taken);
      if (end !== undefined) return end;
    }
    failed.add(state);
    return undefined;
  }
  return (start) => match(0, start);
}

/** Docker: with `//` the replacement is a Go regexp template, in which `$0` is the match and other `$names` are empty (BuildKit 0.32, read). */
function goTemplate(template: string, matched: string): string {
  return template.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (form, braced?: string, bare?: string) => {
    if (form === '$$') return '$';
    return (braced ?? bare) === '0' ? matched : '';
  });
}
