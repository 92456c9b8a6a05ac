/** Docker's `label`, `label!` and `until` filters over anything that has labels and an age. */

import { parseDuration } from '../../core/dockerfile/duration.ts';
import { NaruError } from '../../core/errors.ts';
import { hasLabel } from '../engine/has-label.ts';
import type { Filters } from './query.ts';
import { instantOf } from './timestamps.ts';

export type Labels = Readonly<Record<string, string>> | undefined;

/** True when every `label` is there and no `label!` is; `key` or `key=value`. */
export function matchesLabels(labels: Labels, filters: Filters): boolean {
  const wanted = filters.get('label') ?? [];
  const unwanted = filters.get('label!') ?? [];
  return wanted.every((text) => hasLabel(labels, text)) && !unwanted.some((text) => hasLabel(labels, text));
}

/** The `until` filter as a point in time: a Go duration before `now` (`10m`, `1h30m`), or a timestamp. @throws invalid-argument */
export function untilOf(filters: Filters, now: Date): Date | undefined {
  const [text, ...more] = filters.get('until') ?? [];
  if (text === undefined) return undefined;
  if (more.length > 0)
    throw new NaruError('invalid-argument', 'E_FILTERS', 'more than one until filter specified');
  const duration = parseDuration(text);
  if (duration.kind === 'fault') return instantOf('until', text);
  return new Date(now.getTime() - duration.ms);
}
