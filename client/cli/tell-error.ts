/** A failure in words: one sentence on stderr, its place before it where there is one, and the hint below it. What they quote of a file cannot steer the terminal. */

import { type ErrorLocation, formatLocation } from '../../core/errors.ts';
import { escapeControls } from '../../core/control-characters.ts';
import type { CliIo } from './io.ts';

export interface Failure {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly location?: ErrorLocation | undefined;
}

/** `where` stands before the sentence; without it, the place that the failure names. */
export function tellError(
  { hint, location, message }: Failure,
  { stderr }: Pick<CliIo, 'stderr'>,
  where = location && formatLocation(location),
): void {
  const place = where === undefined ? '' : `${where}: `;
  const below = hint === undefined || hint === '' ? '' : `      ${hint}\n`;
  stderr.write(escapeControls(`naru: ${place}${message}\n${below}`));
}
