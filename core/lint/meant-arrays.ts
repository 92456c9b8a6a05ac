/** Texts that a builder takes as they are and that may have been meant as JSON arrays: commands in shell form, the words of a VOLUME, and those of COPY and ADD. */

import type { Span } from '../source.ts';
import type { LintContext } from './rule.ts';

export interface PlainText {
  readonly text: string;
  readonly span: Span;
  /** What the builder takes it for. */
  readonly takenFor: 'command' | 'directories' | 'files' | 'nothing';
}

/** Of these instructions, then of VOLUME, COPY and ADD. */
export function plainTexts(
  { instructions }: Pick<LintContext, 'instructions'>,
  ...names: readonly ('CMD' | 'ENTRYPOINT' | 'RUN' | 'HEALTHCHECK' | 'SHELL')[]
): readonly PlainText[] {
  const commands = instructions(...names).flatMap(({ instruction: { command, name } }) => {
    const takenFor = name === 'SHELL' ? ('nothing' as const) : ('command' as const);
    return command?.kind === 'shell' ? [{ text: command.text.trim(), span: command.span, takenFor }] : [];
  });
  const volumes = instructions('VOLUME').flatMap(({ instruction: { isJson, rest } }) =>
    isJson ? [] : [{ text: rest.text.trim(), span: rest.span, takenFor: 'directories' as const }],
  );
  const copies = instructions('COPY', 'ADD').flatMap(({ instruction: { isJson, rest } }) =>
    // A pattern may begin with a bracket as well, but hardly with a quote in it.
    isJson || !/^\[\s*["'“”„‘’]/.test(rest.text)
      ? []
      : [{ text: rest.text.trim(), span: rest.span, takenFor: 'files' as const }],
  );
  return [...commands, ...volumes, ...copies];
}
