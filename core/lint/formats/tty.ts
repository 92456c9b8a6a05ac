/** For people: one line per finding, `file:line:column level CODE message`. */

import { escapeControls } from '../../control-characters.ts';
import type { Reported } from './reported.ts';

const COLOURS = { error: 31, warning: 33, info: 36, style: 35 } as const;

/** With ANSI colours for a terminal that shows them. */
export function formatColoured(reported: readonly Reported[]): string {
  return reported.map((item) => line(item, `\u001B[${COLOURS[item.level]}m${item.level}\u001B[0m`)).join('');
}

export function formatTty(reported: readonly Reported[]): string {
  return reported.map((item) => line(item, item.level)).join('');
}

function line(item: Reported, level: string): string {
  const text = `${item.code} ${escapeControls(item.message)}`;
  return `${escapeControls(item.file)}:${item.line}:${item.column} ${level} ${text}\n`;
}
