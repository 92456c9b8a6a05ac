/**
 * Splits a template of `--format` into text and actions, and an action into tokens: the language of Go's text/template, which docker's CLI takes.
 * Source: pkg.go.dev/text/template, "Text and spaces" and "Actions".
 */

import { templateError } from './template-error.ts';

export type Token =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  /** A function, keyword or constant. */
  | { readonly kind: 'word'; readonly value: string }
  /** `.Name`; `isFirst` after a blank or a bracket, where it is not the continuation of what stands before. */
  | { readonly kind: 'field'; readonly value: string; readonly isFirst: boolean }
  /** `$` alone has an empty name. */
  | { readonly kind: 'variable'; readonly value: string }
  | { readonly kind: 'dot' }
  | { readonly kind: 'sign'; readonly value: '(' | ')' | '|' | ',' | ':=' | '=' };

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly tokens: readonly Token[] };

/** Comments are left out, trim markers applied. @throws NaruError "invalid-argument" */
export function splitTemplate(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let rest = text;
  for (let at = rest.indexOf('{{'); at >= 0; at = rest.indexOf('{{')) {
    let before = rest.slice(0, at);
    const { body, after, trimsBefore, trimsAfter } = readAction(rest.slice(at + 2));
    if (trimsBefore) before = before.trimEnd();
    if (before !== '') pieces.push({ kind: 'text', text: before });
    if (!body.startsWith('/*')) pieces.push({ kind: 'action', tokens: readTokens(body) });
    rest = trimsAfter ? after.trimStart() : after;
  }
  if (rest !== '') pieces.push({ kind: 'text', text: rest });
  return pieces;
}

interface Action {
  readonly body: string;
  readonly after: string;
  readonly trimsBefore: boolean;
  readonly trimsAfter: boolean;
}

/** `}}` inside a quoted text ends nothing. */
function readAction(text: string): Action {
  const comment = /^(-\s)?\s*(\/\*[^]*?\*\/)\s*(-)?\}\}/.exec(text);
  const match =
    comment ?? /^(-\s)?((?:"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])*'|(?!\}\})[^"`'])*)\}\}/s.exec(text);
  if (match === null) throw templateError('an action {{ is not closed by }}');
  const [whole, dash, inside = ''] = match;
  const trimsAfter = comment === null ? /\s-$/.test(inside) : comment[3] !== undefined;
  return {
    body: (comment === null && trimsAfter ? inside.slice(0, -1) : inside).trim(),
    after: text.slice(whole.length),
    trimsBefore: dash !== undefined,
    trimsAfter,
  };
}

const TOKEN =
  /(\s+)|("(?:\\.|[^"\\])*")|(`[^`]*`)|'((?:\\.|[^'\\])+)'|([+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)|\$([A-Za-z_]\w*)?|\.([A-Za-z_]\w*)|(\.)|(:=|[()|,=])|([A-Za-z_]\w*)/sy;

function readTokens(body: string): readonly Token[] {
  const tokens: Token[] = [];
  let isFirst = true;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < body.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(body);
    if (match === null)
      throw templateError(`unexpected ${JSON.stringify(body.slice(at, at + 1))} in {{${body}}}`);
    const token = tokenOf(match, isFirst);
    if (token !== undefined) tokens.push(token);
    isFirst = token === undefined || (token.kind === 'sign' && token.value !== ')');
  }
  return tokens;
}

function tokenOf(match: RegExpExecArray, isFirst: boolean): Token | undefined {
  const [whole, blank, quoted, raw, char, number, variable, field, dot, sign, word] = match;
  if (blank !== undefined) return undefined;
  if (quoted !== undefined) return { kind: 'string', value: unquote(quoted) };
  if (raw !== undefined) return { kind: 'string', value: raw.slice(1, -1) };
  if (char !== undefined) return { kind: 'number', value: unquote(`"${char}"`).codePointAt(0) ?? 0 };
  if (number !== undefined) return { kind: 'number', value: Number(number.replaceAll('_', '')) };
  if (whole.startsWith('$')) return { kind: 'variable', value: variable ?? '' };
  if (field !== undefined) return { kind: 'field', value: field, isFirst };
  if (dot !== undefined) return { kind: 'dot' };
  if (sign === '(' || sign === ')' || sign === '|' || sign === ',' || sign === ':=' || sign === '=')
    return { kind: 'sign', value: sign };
  return { kind: 'word', value: word ?? '' };
}

/** Go's escapes that JSON lacks come first. @throws NaruError "invalid-argument" */
function unquote(quoted: string): string {
  const asJson = quoted
    .replaceAll(/\\x([0-9a-fA-F]{2})/g, '\\u00$1')
    .replaceAll("\\'", "'")
    .replaceAll('\\a', '\\u0007')
    .replaceAll('\\v', '\\u000b')
    .replaceAll(/[\n\t\r]/g, (char) => JSON.stringify(char).slice(1, -1));
  try {
    return String(JSON.parse(asJson));
  } catch (cause) {
    throw templateError(`${quoted} is no quoted text`, cause);
  }
}
