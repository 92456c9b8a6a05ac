/**
 * `# syntax=`, `# escape=`, `# check=`: comments at the very top that speak to the parser.
 * Follows BuildKit's DirectiveParser (frontend/dockerfile/parser/directives.go): only an unbroken run of known directives counts;
 * an empty line, an instruction, another comment or an unknown name ends it.
 * BuildKit reads `syntax` and `check` in a second pass that skips a `#!` line and does not forgive leading blanks; `escape` is the opposite.
 */

import type { Problem } from '../source.ts';
import { skipSpace, trimSpaceEnd } from './blanks.ts';
import { readCheckOptions } from './check-options.ts';
import { physicalLine } from './logical-lines.ts';
import type { Directive } from './types.ts';

export interface ReadDirectives {
  readonly directives: readonly Directive[];
  readonly escape: '\\' | '`';
  readonly problems: readonly Problem[];
  /** Offsets of the lines that hold directives; they are not comments. One without effect is a comment. */
  readonly lineStarts: ReadonlySet<number>;
}

/** The names BuildKit knows; a comment of the same shape with another name is just a comment. */
const DIRECTIVE_NAMES: readonly string[] = ['check', 'escape', 'syntax'];

/** Reads the directives of a Dockerfile. Problems are what BuildKit refuses: a repeated directive, an escape other than `\` or a backtick. */
export function readDirectives(text: string): ReadDirectives {
  const problems: Problem[] = [];
  const lineStarts = new Set<number>();
  const directives: Directive[] = [];
  const seen = new Set<string>();
  let escape: '\\' | '`' = '\\';
  const top = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const hasShebang = text.startsWith('#!', top);
  let isIndented = false;
  let at = hasShebang ? physicalLine(text, top).next : top;
  while (at < text.length) {
    const { end, next } = physicalLine(text, at);
    const hash = skipSpace(text, at, end);
    const found = text[hash] === '#' && hash < end ? directiveAt(text, hash, end) : undefined;
    if (found === undefined) break;
    isIndented ||= hash > at;
    if (hasShebang && isIndented) break;
    if (seen.has(found.name)) {
      problems.push(repeated(found));
      break;
    }
    seen.add(found.name);
    if (found.name === 'escape' && !hasShebang) {
      if (found.value === '\\' || found.value === '`') escape = found.value;
      else problems.push(badEscape(found));
    }
    const isEffective = found.name === 'escape' ? !hasShebang : !isIndented;
    if (isEffective && found.name === 'check') problems.push(...checkFaults(found));
    if (isEffective) {
      directives.push(found);
      lineStarts.add(at);
    }
    at = next;
  }
  return { directives, escape, problems, lineStarts };
}

/** `# name = value`, where `text[hash]` is the `#`; undefined if the comment has another shape or an unknown name. */
function directiveAt(text: string, hash: number, end: number): Directive | undefined {
  const nameStart = skipSpace(text, hash + 1, end);
  let nameEnd = nameStart;
  while (nameEnd < end && /[a-zA-Z0-9]/.test(text.charAt(nameEnd))) nameEnd += 1;
  const name = text.slice(nameStart, nameEnd).toLowerCase();
  if (!DIRECTIVE_NAMES.includes(name)) return undefined;
  const equals = skipSpace(text, nameEnd, end);
  if (equals >= end || text[equals] !== '=') return undefined;
  const valueStart = skipSpace(text, equals + 1, end);
  const valueEnd = trimSpaceEnd(text, valueStart, end);
  if (valueEnd === valueStart) return undefined;
  return {
    name,
    value: text.slice(valueStart, valueEnd),
    span: { start: hash, end: valueEnd },
    nameSpan: { start: nameStart, end: nameEnd },
    valueSpan: { start: valueStart, end: valueEnd },
  };
}

function repeated(directive: Directive): Problem {
  return {
    code: 'E_DUPLICATE_DIRECTIVE',
    severity: 'error',
    message: `only one ${directive.name} parser directive can be used`,
    span: directive.span,
    hint: 'remove this line, or the one above that sets the same directive',
  };
}

/** BuildKit reads up to the first blank, so that a remark may follow. */
function checkFaults({ value, valueSpan }: Directive): readonly Problem[] {
  const { fault } = readCheckOptions(value.split(' ')[0] ?? '');
  if (fault === undefined) return [];
  return [
    {
      code: 'E_CHECK_OPTIONS',
      severity: 'error',
      message: `failed to parse check options: ${fault}`,
      span: valueSpan,
      hint: 'write skip=<names>, error=true or experimental=<names>, separated by ;',
    },
  ];
}

function badEscape(directive: Directive): Problem {
  return {
    code: 'E_ESCAPE_DIRECTIVE',
    severity: 'error',
    message: `invalid escape token '${directive.value}' does not match \` or \\`,
    span: directive.valueSpan,
    hint: 'the escape character is either a backslash or a backtick',
  };
}
