/** A failure in words: one sentence on stderr, and the hint below it. What they quote of a file cannot steer the terminal. */

import { escapeControls } from '../../core/lint/formats/controls.ts';
import type { CliIo } from './io.ts';

/** `where` stands before the sentence: a place in a file. */
export function tellError(
  { message, hint }: { readonly message: string; readonly hint?: string | undefined },
  { stderr }: Pick<CliIo, 'stderr'>,
  where?: string,
): void {
  const place = where === undefined ? '' : `${where}: `;
  const below = hint === undefined || hint === '' ? '' : `      ${hint}\n`;
  stderr.write(escapeControls(`naru: ${place}${message}\n${below}`));
}
