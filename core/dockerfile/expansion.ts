/**
 * Variables and quotes of Dockerfile words: `$v`, `${v}`, `${v:-w}`, `${v#p}`, `${v/p/r}` and so on, as BuildKit expands them
 * (frontend/dockerfile/shell/lex.go, documented in docs.docker.com/reference/dockerfile/#environment-replacement).
 * It is not a shell: no command substitution, no globbing, no arithmetic. RUN's command line is not expanded with it.
 */

import type { Span } from '../source.ts';
import { isSpace } from './blanks.ts';
import { removePrefix, removeSuffix, replacePattern } from './expansion-patterns.ts';

export interface ExpandOptions {
  readonly escape: '\\' | '`';
  /** The value of a variable; undefined if it is not set. */
  lookup(name: string): string | undefined;
  /** Leave quotes in the result. */
  readonly keepsQuotes?: boolean;
  /** Leave escape characters outside quotes in the result. */
  readonly keepsEscapes?: boolean;
  /** Leave variables that are not set as they were written. */
  readonly keepsUnset?: boolean;
  /** Quotes are ordinary characters, as in heredoc bodies. */
  readonly ignoresQuotes?: boolean;
}

/** One mention of a variable, in reading order; nested ones come before the one that holds them. */
export interface VariableUse {
  readonly name: string;
  readonly isSet: boolean;
  /** From the `$`, in the given text. For `${v:-w}` the whole form. */
  readonly span: Span;
  readonly nameSpan: Span;
  /** `:-`, `-`, `:+`, `+`, `:?`, `?`, `#`, `%`, `/`, or absent for the plain forms. */
  readonly operator?: string;
}

export interface ExpandedWord {
  readonly text: string;
  /** In the given text: from the first character that contributed to the last. */
  readonly span: Span;
}

export interface Expansion {
  /** BuildKit's ProcessWord: one string, blanks kept. Empty if there was a fault. */
  readonly text: string;
  /** BuildKit's ProcessWords: split at unquoted blanks, also at those that came out of a variable. Empty if there was a fault. */
  readonly words: readonly ExpandedWord[];
  readonly uses: readonly VariableUse[];
  /** Why it could not be expanded, in BuildKit's words. */
  readonly fault?: { readonly message: string; readonly span: Span };
}

/** Expands one text. Never throws; see `fault`. */
export function expand(source: string, options: ExpandOptions): Expansion {
  if (PLAIN.test(source)) {
    return { text: source, words: [{ text: source, span: { start: 0, end: source.length } }], uses: [] };
  }
  const lexer: Lexer = {
    source,
    options,
    at: 0,
    uses: [],
    fault: undefined,
    depth: 0,
    buffer: '',
    from: 0,
    to: 0,
  };
  const words: ExpandedWord[] = [];
  const text = readUntil(lexer, undefined, options.keepsEscapes === true, words);
  if (lexer.fault !== undefined) return { text: '', words: [], uses: lexer.uses, fault: lexer.fault };
  return { text, words, uses: lexer.uses };
}

/** One word that stays as it is, whatever the options. */
const PLAIN = /^[\w./:=@%+,-]+$/;

interface Lexer {
  readonly source: string;
  readonly options: ExpandOptions;
  at: number;
  readonly uses: VariableUse[];
  fault: { message: string; span: Span } | undefined;
  /** How many `${…}` we are in. */
  depth: number;
  /**
   * The word being collected, and where it came from.
   * Docker: it is one buffer for all nesting levels, so that `a${v:-b}` split into words loses its `a` (BuildKit 0.32, read).
   */
  buffer: string;
  from: number;
  to: number;
}

/** Ours, so that no text can exhaust the stack; Go has no such limit. */
const MAX_DEPTH = 500;
const END_OF_INPUT = '\uFFFD';

function fail(lexer: Lexer, start: number, message: string): string {
  lexer.fault ??= { message, span: { start, end: lexer.at } };
  return '';
}

/** False at the end. */
function isPlainCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 46
  );
}

function isAtEnd(lexer: Lexer): boolean {
  return lexer.at >= lexer.source.length;
}

function peek(lexer: Lexer): string | undefined {
  return lexer.source[lexer.at];
}

/** Reads one code point, or U+FFFD at the end, where Go prints its end-of-input rune so. */
function take(lexer: Lexer): string {
  const code = lexer.source.codePointAt(lexer.at);
  if (code === undefined) return END_OF_INPUT;
  const char = String.fromCodePoint(code);
  lexer.at += char.length;
  return char;
}

/** Reads the letters, digits and points that stand here: what no form gives a meaning. */
function takePlain(lexer: Lexer): string {
  const start = lexer.at;
  while (isPlainCode(lexer.source.charCodeAt(lexer.at))) lexer.at += 1;
  return lexer.source.slice(start, lexer.at);
}

/** Reads up to `stop` (which is consumed) or the end; fails if `stop` is not found. */
function readUntil(
  lexer: Lexer,
  stop: string | undefined,
  keepsEscapes: boolean,
  words: ExpandedWord[],
): string {
  const start = lexer.at;
  const { escape, ignoresQuotes } = lexer.options;
  const collector = wordCollector(lexer, words);
  let result = '';
  while (!isAtEnd(lexer)) {
    const from = lexer.at;
    const char = peek(lexer);
    if (stop !== undefined && char === stop) {
      lexer.at += 1;
      collector.finish();
      return result;
    }
    if (char === '$') {
      const value = readDollar(lexer);
      result += value;
      collector.addSplit(value, from, lexer.at);
    } else if (char === '<') {
      const arrows = readArrows(lexer);
      result += arrows;
      collector.addWhole(arrows, from, lexer.at);
    } else if (ignoresQuotes !== true && (char === "'" || char === '"')) {
      const quoted = char === '"' ? readDoubleQuoted(lexer, keepsEscapes) : readSingleQuoted(lexer);
      result += quoted;
      collector.addWhole(quoted, from, lexer.at);
    } else if (char === escape) {
      lexer.at += 1;
      const kept = keepsEscapes ? escape : '';
      const escaped = isAtEnd(lexer) ? '' : take(lexer);
      result += kept + escaped;
      if (kept + escaped !== '') collector.addWhole(kept + escaped, from, lexer.at);
    } else {
      const plain = takePlain(lexer) || take(lexer);
      result += plain;
      collector.addSplit(plain, from, lexer.at);
    }
    if (lexer.fault !== undefined) return '';
  }
  if (stop !== undefined) {
    return fail(lexer, start, `unexpected end of statement while looking for matching ${stop}`);
  }
  collector.finish();
  return result;
}

interface WordCollector {
  /** Text whose blanks separate words. */
  addSplit(text: string, from: number, to: number): void;
  addWhole(text: string, from: number, to: number): void;
  finish(): void;
}

function wordCollector(lexer: Lexer, words: ExpandedWord[]): WordCollector {
  lexer.buffer = '';
  function flush(): void {
    if (lexer.buffer === '') return;
    words.push({ text: lexer.buffer, span: { start: lexer.from, end: lexer.to } });
    lexer.buffer = '';
  }
  function append(text: string, from: number, to: number): void {
    if (lexer.buffer === '') lexer.from = from;
    lexer.to = to;
    lexer.buffer += text;
  }
  function addSplit(text: string, from: number, to: number): void {
    if (PLAIN.test(text)) {
      append(text, from, to);
      return;
    }
    for (let at = 0; at < text.length; at += 1) {
      if (isSpace(text.charCodeAt(at))) flush();
      else append(text.charAt(at), from, to);
    }
  }
  return { addSplit, addWhole: append, finish: flush };
}

/** `<` or `<<` with the blanks after it, which belong to the heredoc's word. */
function readArrows(lexer: Lexer): string {
  const start = lexer.at;
  lexer.at += 1;
  if (peek(lexer) !== '<') return '<';
  lexer.at += 1;
  for (let char = peek(lexer); char === ' ' || char === '\t' || char === '\r'; char = peek(lexer))
    lexer.at += 1;
  return lexer.source.slice(start, lexer.at);
}

function readSingleQuoted(lexer: Lexer): string {
  const start = lexer.at;
  const close = lexer.source.indexOf("'", start + 1);
  if (close < 0) {
    lexer.at = lexer.source.length;
    return fail(lexer, start, 'unexpected end of statement while looking for matching single-quote');
  }
  lexer.at = close + 1;
  const inner = lexer.source.slice(start + 1, close);
  return lexer.options.keepsQuotes === true ? `'${inner}'` : inner;
}

function readDoubleQuoted(lexer: Lexer, keepsEscapes: boolean): string {
  const start = lexer.at;
  const { escape } = lexer.options;
  const quote = lexer.options.keepsQuotes === true ? '"' : '';
  let result = quote;
  lexer.at += 1;
  while (!isAtEnd(lexer)) {
    const char = peek(lexer);
    if (char === '"') {
      lexer.at += 1;
      return result + quote;
    }
    if (char === '$') {
      result += readDollar(lexer);
      if (lexer.fault !== undefined) return '';
    } else if (char === escape) {
      lexer.at += 1;
      if (keepsEscapes) result += escape;
      const next = peek(lexer);
      if (next === undefined) break;
      // Only these three are escaped inside double quotes; before anything else the escape character stays.
      if (next === '"' || next === '$' || next === escape) result += take(lexer);
      else result += escape;
    } else {
      result += takePlain(lexer) || take(lexer);
    }
  }
  return fail(lexer, start, 'unexpected end of statement while looking for matching double-quote');
}

function readDollar(lexer: Lexer): string {
  const start = lexer.at;
  lexer.at += 1;
  if (peek(lexer) !== '{') {
    const name = readName(lexer);
    if (name === '') return '$';
    const value = useVariable(lexer, name, start, { start: start + 1, end: lexer.at });
    if (value === undefined && lexer.options.keepsUnset === true) return `$${name}`;
    return value ?? '';
  }
  lexer.at += 1;
  const next = peek(lexer);
  if (next === undefined) return fail(lexer, start, "syntax error: missing '}'");
  if (next === '{' || next === '}' || next === ':')
    return fail(lexer, start, 'syntax error: bad substitution');
  if (lexer.depth === MAX_DEPTH) return fail(lexer, start, 'substitutions are nested too deeply');
  lexer.depth += 1;
  const value = readBraced(lexer, start);
  lexer.depth -= 1;
  return value;
}

function readBraced(lexer: Lexer, start: number): string {
  const nameStart = lexer.at;
  const name = readName(lexer);
  const nameSpan = { start: nameStart, end: lexer.at };
  let operator = take(lexer);
  if (operator === '}') {
    const value = useVariable(lexer, name, start, nameSpan);
    if (value === undefined && lexer.options.keepsUnset === true) return `\${${name}}`;
    return value ?? '';
  }
  if (operator === '/') return readReplacement(lexer, start, name, nameSpan);
  if (operator === ':') operator += take(lexer);
  else if (!'+-?#%'.includes(operator)) return unsupported(lexer, start, operator);
  const isPattern = operator.endsWith('#') || operator.endsWith('%');
  if (isPattern && operator.length > 1) return unsupported(lexer, start, operator);
  const word = readUntil(lexer, '}', isPattern, []);
  if (lexer.fault !== undefined) return endInside(lexer, start, "syntax error: missing '}'");
  const value = useVariable(lexer, name, start, nameSpan, operator);
  if (value === undefined && lexer.options.keepsUnset === true) return `\${${name}${operator}${word}}`;
  return applyOperator(lexer, start, { name, operator, word, value });
}

interface Substitution {
  readonly name: string;
  readonly operator: string;
  readonly word: string;
  readonly value: string | undefined;
}

function applyOperator(lexer: Lexer, start: number, form: Substitution): string {
  const { name, operator, word, value } = form;
  const isMissing = value === undefined || (operator.startsWith(':') && value === '');
  const kind = operator.slice(-1);
  if (kind === '-') return isMissing ? word : value;
  if (kind === '+') return isMissing ? '' : word;
  if (kind === '?') {
    if (!isMissing) return value;
    const state = value === undefined ? 'unset' : 'empty';
    return fail(lexer, start, `${name}: ${word === '' ? `is not allowed to be ${state}` : word}`);
  }
  if (kind !== '#' && kind !== '%') return unsupported(lexer, start, operator);
  const isGreedy = word.startsWith(kind);
  const pattern = isGreedy ? word.slice(1) : word;
  const remove = kind === '#' ? removePrefix : removeSuffix;
  const kept = remove(value ?? '', pattern, isGreedy);
  return kept.fault === undefined ? kept.text : badPattern(lexer, start, pattern, kept.fault);
}

/** `${name/pattern/replacement}`, or with `//` all occurrences. */
function readReplacement(lexer: Lexer, start: number, name: string, nameSpan: Span): string {
  const isAll = peek(lexer) === '/';
  if (isAll) lexer.at += 1;
  const pattern = readUntil(lexer, '/', true, []);
  if (lexer.fault !== undefined) return endInside(lexer, start, "syntax error: missing '/' in ${}");
  const replacement = readUntil(lexer, '}', true, []);
  if (lexer.fault !== undefined) return endInside(lexer, start, "syntax error: missing '}'");
  const value = useVariable(lexer, name, start, nameSpan, '/');
  // Docker: the second slash of `//` is lost here; the result is only shown or split, never expanded again.
  if (value === undefined && lexer.options.keepsUnset === true)
    return `\${${name}/${pattern}/${replacement}}`;
  const replaced = replacePattern(value ?? '', pattern, replacement, isAll);
  return replaced.fault === undefined ? replaced.text : badPattern(lexer, start, pattern, replaced.fault);
}

function unsupported(lexer: Lexer, start: number, operator: string): string {
  return fail(lexer, start, `unsupported modifier (${operator}) in substitution`);
}

function badPattern(lexer: Lexer, start: number, pattern: string, fault: string): string {
  return fail(lexer, start, `invalid pattern (${pattern}) in substitution: ${fault}`);
}

/** A fault inside braces that reached the end of the text is told as the missing character. */
function endInside(lexer: Lexer, start: number, message: string): string {
  if (isAtEnd(lexer)) lexer.fault = { message, span: { start, end: lexer.at } };
  return '';
}

function useVariable(
  lexer: Lexer,
  name: string,
  start: number,
  nameSpan: Span,
  operator?: string,
): string | undefined {
  const value = lexer.options.lookup(name);
  const use = { name, isSet: value !== undefined, span: { start, end: lexer.at }, nameSpan };
  lexer.uses.push(operator === undefined ? use : { ...use, operator });
  return value;
}

/** A variable's name, a run of digits, or one special parameter; empty if none stands here. */
function readName(lexer: Lexer): string {
  const start = lexer.at;
  const pattern = /\p{Nd}+|[@*#?$!-]|[\p{L}_][\p{L}\p{Nd}_]*/uy;
  pattern.lastIndex = start;
  const name = pattern.exec(lexer.source)?.[0] ?? '';
  lexer.at = start + name.length;
  return name;
}
