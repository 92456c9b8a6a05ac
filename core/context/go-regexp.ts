/**
 * Go's regexp dialect (RE2, https://github.com/google/re2/wiki/Syntax) as a JavaScript RegExp, for the little of it that an ignore pattern can produce:
 * literals, escapes, character classes, `.`, `*`, `?`, groups and anchors.
 */

/** Undefined when Go would refuse the expression. Positions count runes in both dialects (flag `u`). */
export function goRegExp(source: string): RegExp | undefined {
  const points = Array.from(source);
  let out = '';
  let at = 0;
  while (at < points.length) {
    const point = points[at] ?? '';
    if (point === '\\') {
      const escape = translateEscape(points[at + 1]);
      if (escape === undefined) return undefined;
      out += escape;
      at += 2;
    } else if (point === '[') {
      const group = translateClass(points, at);
      if (group === undefined) return undefined;
      out += group.text;
      at = group.end;
    } else {
      out += translatePoint(point);
      at += 1;
    }
  }
  try {
    return new RegExp(out, 'u');
  } catch {
    // Go refuses the same: a repetition of nothing, an unbalanced group.
    return undefined;
  }
}

/** `.` is any rune but a line feed; what only JavaScript gives a meaning is escaped. */
function translatePoint(point: string): string {
  if (point === '.') return '[^\\n]';
  return point === ']' || point === '}' || point === '{' ? `\\${point}` : point;
}

/** Punctuation stands for itself; of the letters Go knows a few, and refuses the others. */
function translateEscape(point: string | undefined): string | undefined {
  if (point === undefined) return undefined;
  if (/^[dDsSwWbB]$/.test(point)) return point === 's' || point === 'S' ? goSpace(point) : `\\${point}`;
  const control = CONTROLS.get(point);
  if (control !== undefined) return control;
  if (point === 'A') return '^';
  if (point === 'z') return '$';
  if (/^[A-Za-z0-9]$/.test(point)) return undefined;
  return point.length === 1 && point < '\x80' ? quotePoint(point) : undefined;
}

/** Go's `\s` is ASCII without the vertical tab. */
function goSpace(point: 's' | 'S'): string {
  return point === 's' ? '[\\t\\n\\f\\r ]' : '[^\\t\\n\\f\\r ]';
}

function quotePoint(point: string): string {
  return /^[\^$\\.*+?()[\]{}|/]$/.test(point) ? `\\${point}` : point;
}

const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

const POSIX_CLASSES: ReadonlyMap<string, string> = new Map([
  ['alnum', '0-9A-Za-z'],
  ['alpha', 'A-Za-z'],
  ['ascii', '\\x00-\\x7F'],
  ['blank', '\\t '],
  ['cntrl', '\\x00-\\x1F\\x7F'],
  ['digit', '0-9'],
  ['graph', '!-~'],
  ['lower', 'a-z'],
  ['print', ' -~'],
  ['punct', '!-\\/:-@\\[-`\\{-~'],
  ['space', '\\t\\n\\v\\f\\r '],
  ['upper', 'A-Z'],
  ['word', '0-9A-Za-z_'],
  ['xdigit', '0-9A-Fa-f'],
]);

/** A `]` that comes first is a member; `[:name:]` is a POSIX class; a range must not run backwards. */
function translateClass(
  points: readonly string[],
  start: number,
): { readonly text: string; readonly end: number } | undefined {
  let at = start + 1;
  let out = '[';
  if (points[at] === '^') {
    out += '^';
    at += 1;
  }
  for (let isFirst = true; ; isFirst = false) {
    const point = points[at];
    if (point === undefined) return undefined;
    if (point === ']' && !isFirst) return { text: `${out}]`, end: at + 1 };
    const posix = point === '[' && points[at + 1] === ':' ? posixClass(points, at) : undefined;
    if (posix !== undefined) {
      if (posix.text === undefined) return undefined;
      out += posix.text;
      at = posix.end;
      continue;
    }
    const low = classMember(points, at);
    if (low === undefined) return undefined;
    at = low.end;
    if (points[at] === '-' && points[at + 1] !== undefined && points[at + 1] !== ']') {
      const high = classMember(points, at + 1);
      if (high?.point === undefined || low.point === undefined || high.point < low.point) return undefined;
      out += `${low.text}-${high.text}`;
      at = high.end;
    } else {
      out += low.text;
    }
  }
}

/** Undefined when the brackets hold no `:]`: they are then members; `text` undefined: an unknown name. */
function posixClass(
  points: readonly string[],
  at: number,
): { readonly text: string | undefined; readonly end: number } | undefined {
  const rest = points.slice(at).join('');
  const close = rest.indexOf(':]', 2);
  if (close < 0) return undefined;
  const name = rest.slice(2, close);
  return { text: POSIX_CLASSES.get(name), end: at + Array.from(rest.slice(0, close + 2)).length };
}

interface ClassMember {
  readonly text: string;
  /** Code point, absent for a class such as `\d`. */
  readonly point: number | undefined;
  readonly end: number;
}

function classMember(points: readonly string[], at: number): ClassMember | undefined {
  const point = points[at];
  if (point === undefined) return undefined;
  if (point !== '\\') {
    const text = /^[\^\\\][-]$/.test(point) ? `\\${point}` : point;
    return { text, point: point.codePointAt(0), end: at + 1 };
  }
  const escaped = points[at + 1];
  if (escaped === undefined) return undefined;
  if (/^[dDwW]$/.test(escaped)) return { text: `\\${escaped}`, point: undefined, end: at + 2 };
  if (escaped === 's') return { text: '\\t\\n\\f\\r ', point: undefined, end: at + 2 };
  const control = CONTROLS.get(escaped);
  if (control !== undefined) return { text: control, point: control.codePointAt(0), end: at + 2 };
  if (/^[A-Za-z0-9]$/.test(escaped)) return undefined;
  const text = /^[\^$\\.*+?()[\]{}|/-]$/.test(escaped) ? `\\${escaped}` : escaped;
  return { text, point: escaped.codePointAt(0), end: at + 2 };
}
