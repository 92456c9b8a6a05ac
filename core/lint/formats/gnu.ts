/** The GNU error format (GNU Coding Standards, Formatting Error Messages), which most editors can jump from. */

import { escapeControls } from '../../control-characters.ts';
import type { Reported } from './reported.ts';

export function formatGnu(reported: readonly Reported[]): string {
  return reported
    .map(
      (item) =>
        `naru:${escapeControls(item.file)}:${item.line}:${item.column}: ${item.level}: ${escapeControls(item.message)} [${item.code}]\n`,
    )
    .join('');
}
