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
  const end = matchAt(parsed.tokens, chars, 0, isGreedy);
  return { text: end === undefined ? value : chars.slice(end).join('') };
}

/** `${value%pattern}`: as `removePrefix`, from the end. */
export function removeSuffix(value: string, pattern: string, isGreedy: boolean): PatternResult {
  const parsed = parsePattern(pattern);
  if ('fault' in parsed) return { text: '', fault: parsed.fault };
  const chars = Array.from(value).reverse();
  const end = matchAt([...parsed.tokens].reverse(), chars, 0, isGreedy);
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
  let result = '';
  let copied = 0;
  let lastEnd = -1;
  for (let at = 0; at <= chars.length; ) {
    const end = matchAt(parsed.tokens, chars, at, true);
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

type Token = { readonly kind: 'any' | 'one' } | { readonly kind: 'char'; readonly char: string };

function parsePattern(pattern: string): { readonly tokens: readonly Token[] } | { readonly fault: string } {
  const chars = Array.from(pattern);
  const tokens: Token[] = [];
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? '';
    if (char === '*') tokens.push({ kind: 'any' });
    else if (char === '?') tokens.push({ kind: 'one' });
    else if (char === '\\') {
      at += 1;
      const escaped = chars[at] ?? '\uFFFD';
      if (!'*?\\}/'.includes(escaped)) return { fault: `invalid escape '\\${escaped}'` };
      tokens.push({ kind: 'char', char: escaped });
    } else tokens.push({ kind: 'char', char });
  }
  return { tokens };
}

/** The end of the match that starts at `start`, or undefined. A line feed is matched by neither `*` nor `?`, as in Go. */
function matchAt(
  tokens: readonly Token[],
  chars: readonly string[],
  start: number,
  isGreedy: boolean,
): number | undefined {
  const failed = new Set<number>();
  function match(token: number, at: number): number | undefined {
    const wanted = tokens[token];
    if (wanted === undefined) return at;
    const state = token * (chars.length + 1) + at;
    if (failed.has(state)) return undefined;
    const end = wanted.kind === 'any' ? matchAny(token, at) : matchOne(wanted, token, at);
    if (end === undefined) failed.add(state);
    return end;
  }
  function matchOne(wanted: Token, token: number, at: number): number | undefined {
    const char = chars[at];
    if (char === undefined) return undefined;
    const isMatch = wanted.kind === 'char' ? char === wanted.char : char !== '\n';
    return isMatch ? match(token + 1, at + 1) : undefined;
  }
  function matchAny(token: number, at: number): number | undefined {
    let limit = at;
    while (limit < chars.length && chars[limit] !== '\n') limit += 1;
    for (let taken = 0; taken <= limit - at; taken += 1) {
      const end = match(token + 1, isGreedy ? limit - taken : at + taken);
      if (end !== undefined) return end;
    }
    return undefined;
  }
  return match(0, start);
}

/** Docker: with `//` the replacement is a Go regexp template, in which `$0` is the match and other `$names` are empty (BuildKit 0.32, read). */
function goTemplate(template: string, matched: string): string {
  return template.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (form, braced?: string, bare?: string) => {
    if (form === '$$') return '$';
    return (braced ?? bare) === '0' ? matched : '';
  });
}
