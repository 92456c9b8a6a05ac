/** What a shell word says once its quotes are gone: the unknown is kept as `${name}`. */

import type { Assignment, Word, WordPart } from 'unbash';

export type UnbashWord = Word | Assignment;

/** Quotes removed; `$NAME` and `${NAME}` as `${NAME}`, arithmetic and backticks as `${VAR}`. */
export function plainValue(word: UnbashWord): string {
  // An assignment stands among the arguments of export and the like, which are no rule's matter.
  if (word.type !== 'Word') return word.text;
  return word.parts === undefined ? word.value : word.parts.map(partValue).join('');
}

/** True if the word says the same in every run. */
export function isLiteral({ parts }: Word): boolean {
  return parts === undefined || parts.every(isLiteralPart);
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
