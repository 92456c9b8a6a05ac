/** Texts that a builder takes as they are and that may have been meant as JSON arrays: commands in shell form, and the words of a VOLUME. */

import type { Span } from '../source.ts';
import type { LintContext } from './rule.ts';

export interface PlainText {
  readonly text: string;
  readonly span: Span;
  readonly isVolume: boolean;
}

/** Of these instructions, then of VOLUME. */
export function plainTexts(
  { instructions }: Pick<LintContext, 'instructions'>,
  ...names: readonly ('CMD' | 'ENTRYPOINT' | 'RUN' | 'HEALTHCHECK' | 'SHELL')[]
): readonly PlainText[] {
  const commands = instructions(...names).flatMap(({ instruction: { command } }) =>
    command?.kind === 'shell' ? [{ text: command.text.trim(), span: command.span, isVolume: false }] : [],
  );
  const volumes = instructions('VOLUME').flatMap(({ instruction: { isJson, rest } }) =>
    isJson ? [] : [{ text: rest.text.trim(), span: rest.span, isVolume: true }],
  );
  return [...commands, ...volumes];
}
