/** What changed in the heredocs of an instruction, which its text does not show. */

import type { KeyComponent } from '../build/cache-record.ts';

import type { PreviewReason } from './report.ts';

/** The names behind `<<`, as often as they are there. */
export function heredocsIn(instruction: string): readonly string[] {
  return [...instruction.matchAll(/<<-?["']?([^\s"'<>|;&()]+)/g)].flatMap(([, name]) => name ?? []);
}

/**
 * Of a RUN whose text is as it was: `old` and `now` are the part of its command that differs.
 * Undefined where that is not what a heredoc gave: a shell, or a command without one.
 */
export function heredocReason(
  instruction: string,
  old: KeyComponent,
  now: KeyComponent,
): PreviewReason | undefined {
  const names = heredocsIn(instruction);
  const [piped] = now.name.startsWith('pipe ') ? [now.name.slice('pipe '.length)] : names;
  if (piped === undefined || !now.value.includes('\n')) return undefined;
  if (names.length > 1) {
    const text = `the content of a heredoc changed: ${names.join(' or ')}`;
    return { kind: 'heredoc', text };
  }
  const text = `the content of heredoc ${piped} changed`;
  // Behind a command the body begins at the second line.
  const nBefore = old.value.startsWith(`${instruction.replace(/^RUN\s+/, '')}\n`) ? 1 : 0;
  const line = firstDifference(old.value.split('\n'), now.value.split('\n')) + 1 - nBefore;
  return { kind: 'heredoc', text: `${text}, from its line ${line} on`, arg: piped };
}

function firstDifference(one: readonly string[], other: readonly string[]): number {
  const found = one.findIndex((line, at) => line !== other[at]);
  return found < 0 ? one.length : found;
}
