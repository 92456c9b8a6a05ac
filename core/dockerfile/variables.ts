/**
 * Where variables count in an instruction: the texts that BuildKit expands, and the variables they mention.
 * RUN, CMD, ENTRYPOINT, SHELL, HEALTHCHECK and ONBUILD are not expanded: their `$` belongs to the shell or to a later build.
 * Follows the Expand methods of BuildKit's instructions/commands.go.
 */

import type { Span } from '../source.ts';
import { type Expansion, expand, type VariableUse } from './expansion.ts';
import type { Flag, Instruction, Word } from './types.ts';

export interface ExpandableText {
  readonly text: string;
  /** In the source. Longer or shorter than `text` where a continuation, JSON or flag quotes stand between. */
  readonly span: Span;
  /** Heredoc bodies: quotes are ordinary characters and the escape character is `\`. */
  readonly isHeredoc: boolean;
}

/** A variable in the source. Spans are those of the whole text where characters do not correspond. */
export type VariableMention = VariableUse;

/** False if no text of the instruction can hold a variable or a quote; told from its line, without reading its words. */
export function mayExpand({ flags, heredocs, name, rest }: Instruction): boolean {
  if (flags.some(({ value }) => value !== undefined && /["'$]/.test(value))) return true;
  if (name === 'RUN') return false;
  // JSON can write any character behind a backslash.
  return heredocs.length > 0 || /["'$\\]/.test(rest.text);
}

/** The texts that are expanded when the instruction is evaluated, in BuildKit's order. */
export function expandableTexts(instruction: Instruction): readonly ExpandableText[] {
  switch (instruction.name) {
    case 'FROM':
      return [...ofWords([instruction.image]), ...ofFlags(instruction.flags, ['platform'])];
    case 'COPY':
    case 'ADD': {
      const sources = instruction.sources.filter(
        ({ span }) => !instruction.heredocs.some((heredoc) => heredoc.span.start === span.start),
      );
      const bodies = instruction.heredocs.filter(({ isExpanded }) => isExpanded);
      return [
        ...ofFlags(instruction.flags, ['chown', 'chmod', 'checksum']),
        ...ofWords([...sources, instruction.destination]),
        ...bodies.map(({ body, bodySpan }) => ({ text: body, span: bodySpan, isHeredoc: true })),
      ];
    }
    case 'ENV':
    case 'LABEL':
      return ofWords(instruction.pairs.flatMap(({ key, value }) => [key, value]));
    case 'ARG':
      return ofWords(instruction.variables.map(({ value }) => value));
    case 'EXPOSE':
    case 'VOLUME':
      return ofWords(instruction.values);
    case 'USER':
    case 'WORKDIR':
    case 'STOPSIGNAL':
      return ofWords([instruction.value]);
    case 'RUN':
      return ofFlags(instruction.flags, ['mount']);
    case 'MAINTAINER':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'SHELL':
    case 'HEALTHCHECK':
    case 'ONBUILD':
    case 'UNKNOWN':
      return [];
  }
}

/**
 * The variables an instruction mentions, in the order of its texts; in a text, nested ones first.
 * `escape` is the Dockerfile's. `lookup` answers values, undefined for what is not set: a default such as `${a:-$b}` is looked at in any case.
 */
export function variableMentions(
  instruction: Instruction,
  escape: '\\' | '`',
  lookup: (name: string) => string | undefined,
): readonly VariableMention[] {
  return expandableTexts(instruction).flatMap((text) => {
    if (!text.text.includes('$')) return [];
    return expandText(text, escape, lookup).uses.map((use) => {
      return { ...use, span: sourceSpan(text, use.span), nameSpan: sourceSpan(text, use.nameSpan) };
    });
  });
}

/** Why a text cannot be expanded whatever the variables hold: an unclosed quote or brace, an unknown modifier, a bad pattern. */
export function expansionFault(text: ExpandableText, escape: '\\' | '`'): Expansion['fault'] {
  if (!/["'$]/.test(text.text)) return undefined;
  // With every variable set, `${v:?w}` does not fail.
  return expandText(text, escape, () => 'x').fault;
}

/** A span inside a text as a span of the source, or the whole text's where characters do not correspond. */
export function sourceSpan(text: ExpandableText, inside: Span): Span {
  const { span } = text;
  if (span.end - span.start !== text.text.length) return span;
  return { start: span.start + inside.start, end: span.start + inside.end };
}

function expandText(
  text: ExpandableText,
  escape: '\\' | '`',
  lookup: (name: string) => string | undefined,
): Expansion {
  const { isHeredoc } = text;
  const options = { lookup, keepsUnset: true, ignoresQuotes: isHeredoc };
  return expand(text.text, { ...options, escape: isHeredoc ? '\\' : escape });
}

function ofWords(words: readonly (Word | undefined)[]): readonly ExpandableText[] {
  return words.flatMap((word) =>
    word === undefined ? [] : [{ text: word.text, span: word.span, isHeredoc: false }],
  );
}

function ofFlags(flags: readonly Flag[], names: readonly string[]): readonly ExpandableText[] {
  return names.flatMap((name) =>
    flags
      .filter((flag) => flag.name === name)
      .flatMap(({ value, valueSpan, span }) =>
        value === undefined ? [] : [{ text: value, span: valueSpan ?? span, isHeredoc: false }],
      ),
  );
}
