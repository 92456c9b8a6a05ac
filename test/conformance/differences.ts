/** Two outcomes of one case side by side: one line per difference, `what: BuildKit's / ours`. */

import { isDeepStrictEqual } from 'node:util';

import type { Outcome } from './conformance-case.ts';

/** Empty when they agree. */
export function differences(theirs: Outcome, ours: Outcome): readonly string[] {
  if (theirs.kind === 'refused' || ours.kind === 'refused') return refusals(theirs, ours);
  return [...fields('config', theirs.config, ours.config), ...fields('tree', theirs.tree, ours.tree)];
}

function refusals(theirs: Outcome, ours: Outcome): readonly string[] {
  if (theirs.kind === 'built') return [`outcome: built / refused on line ${textOf(ours)}`];
  if (ours.kind === 'built') return [`outcome: refused on line ${textOf(theirs)} / built`];
  const found: string[] = [];
  // Where BuildKit names no line, ours may.
  if (theirs.line !== 0 && theirs.line !== ours.line) found.push(`line: ${theirs.line} / ${ours.line}`);
  if (theirs.message !== ours.message) found.push(`message: ${theirs.message} / ${ours.message}`);
  return found;
}

function textOf(outcome: Outcome): string {
  return outcome.kind === 'refused' ? `${outcome.line}: ${outcome.message}` : '';
}

function fields(
  what: string,
  theirs: Readonly<Record<string, unknown>>,
  ours: Readonly<Record<string, unknown>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].sort();
  return names.flatMap((name) => {
    const [a, b] = [theirs[name], ours[name]];
    return isDeepStrictEqual(a, b) ? [] : [`${what} ${name}: ${shown(a)} / ${shown(b)}`];
  });
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '(none)');
}
