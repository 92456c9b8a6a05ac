/**
 * The exec and shell forms of RUN, CMD, ENTRYPOINT, SHELL and HEALTHCHECK CMD.
 */

import type { CommandForm, LogicalLine } from '../types.ts';
import { jsonArray } from '../words.ts';
import type { ReadContext } from './spec.ts';

/** Reads a command. An array with something else than strings is the one form BuildKit refuses; other broken JSON is a shell command. */
export function readCommand(line: LogicalLine, context: ReadContext): CommandForm {
  const array = jsonArray(line);
  if (array.kind === 'strings') return { kind: 'exec', words: array.words, span: line.span };
  if (array.kind === 'not-strings') rejectNotStrings(line, context);
  return { kind: 'shell', text: line.text, span: line.span };
}

/** Reports a JSON array that holds something else than strings. */
export function rejectNotStrings(line: LogicalLine, context: ReadContext): void {
  const message = 'when using JSON array syntax, arrays must be comprised of strings only';
  context.reject('E_JSON_NOT_STRINGS', message, line.span, { hint: 'put every element in double quotes' });
}

/** True if the form has neither words nor text. */
export function isEmptyCommand(command: CommandForm): boolean {
  return command.kind === 'exec' ? command.words.length === 0 : command.text === '';
}
