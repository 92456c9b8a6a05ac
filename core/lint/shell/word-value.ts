/** What a shell word says once its quotes are gone: the unknown is kept as `${name}`. */

import type { Assignment, Word, WordPart } from 'unbash';

export type UnbashWord = Word | Assignment;

/** True for text that says what it is: no quotes, expansions or patterns. Most words are so, and need no closer look. */
export function isPlain(text: string): boolean {
  return /^[\w./:@%+,-]+$/.test(text);
}

/** Quotes removed; `$NAME` and `${NAME}` as `${NAME}`, arithmetic and backticks as `${VAR}`. */
export function plainValue(word: UnbashWord): string {
  if (isPlain(word.text)) return word.text;
  if (word.type !== 'Word') return word.text.replaceAll(/["']/g, '').replaceAll(/\$(\w+)/g, '${$1}');
  if (word.parts === undefined) return word.value;
  return word.parts.map(partValue).join('');
}

/** True if the word says the same in every run. */
export function isLiteral(word: Word): boolean {
  return isPlain(word.text) || word.parts === undefined || word.parts.every(isLiteralPart);
}

function partValue(part: WordPart): string {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
    case 'Glob':
      return part.value;
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.map(partValue).join('');
    case 'SimpleExpansion':
      return `\${${part.text.slice(1)}}`;
    case 'CommandExpansion':
      return part.text.startsWith('`') ? '${VAR}' : `\${${part.text.slice(2, -1).replaceAll(/\s/g, '')}}`;
    case 'ArithmeticExpansion':
      return '${VAR}';
    case 'ParameterExpansion':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      return part.text;
    case 'ProcessSubstitution':
      return '';
  }
}

function isLiteralPart(part: WordPart): boolean {
  if (part.type === 'DoubleQuoted') return part.parts.every(isLiteralPart);
  return part.type === 'Literal' || part.type === 'SingleQuoted' || part.type === 'AnsiCQuoted';
}
