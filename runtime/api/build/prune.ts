/**
 * `POST /build/prune`: removes build cache, the least recently used first.
 * Without `all` what an image has as well stays, so that the next build of a tagged image is cached; with it that is forgotten, too (dockerd 28.5.2, measured).
 */

import { parseDuration } from '../../../core/dockerfile/duration.ts';
import { NaruError } from '../../../core/errors.ts';
import type { CacheItem } from '../../build/cache-items.ts';
import type { PruneRequest } from '../../build/cache-keeper.ts';
import { json, type Endpoint } from '../endpoint.ts';
import type { Filters, Query } from '../query.ts';
import { instantOf } from '../timestamps.ts';

export const buildPrune: Endpoint = {
  method: 'POST',
  path: '/build/prune',
  since: 31,
  handle: async ({ query }, { builds }) => {
    const { removed, bytes } = await builds.keeper.prune([readRequest(query, new Date())]);
    return json({ CachesDeleted: removed.length === 0 ? null : removed, SpaceReclaimed: bytes });
  },
};

/** Filters that say what an item is; Docker compares them with the item's own field. */
const FIELDS: Readonly<Record<string, (item: CacheItem, value: string) => boolean>> = {
  id: (item, value) => item.id.includes(value),
  parent: (item, value) => item.parent === value,
  type: (item, value) => item.type === value,
  description: (item, value) => item.description === value,
  inuse: (item, value) => item.isInUse === isTrue(value),
  shared: (item, value) => item.isShared === isTrue(value),
  private: (item, value) => item.isShared !== isTrue(value),
};

/** Since API 1.48 what may stay is `reserved-space` and `max-used-space`; before, `keep-storage`. */
function readRequest(query: Query, now: Date): PruneRequest {
  const filters = query.filters();
  for (const name of filters.keys()) {
    if (name === 'until' || name === 'unused-for' || Object.hasOwn(FIELDS, name)) continue;
    throw wrong(`invalid filter '${name}'`);
  }
  const kept = ['keep-storage', 'reserved-space', 'max-used-space'].map((name) => bytes(query, name));
  const keepBytes = Math.max(...kept);
  const unusedSince = sinceOf(filters, now);
  return {
    all: query.flag('all'),
    // Docker: 0 is no limit, and then everything goes.
    ...(keepBytes === 0 ? {} : { keepBytes }),
    ...(unusedSince === undefined ? {} : { unusedSince }),
    matches: (item) =>
      Object.entries(FIELDS).every(([name, fits]) => {
        const value = oneValue(filters, [name]);
        return value === undefined || fits(item, value);
      }),
  };
}

function sinceOf(filters: Filters, now: Date): Date | undefined {
  const text = oneValue(filters, ['until', 'unused-for']);
  if (text === undefined) return undefined;
  const duration = parseDuration(text);
  if (duration.kind === 'duration') return new Date(now.getTime() - duration.ms);
  try {
    return instantOf('until', text);
  } catch {
    const why = `failed to parse value as time or duration: ${JSON.stringify(text)}`;
    throw wrong(`"until" filter expects a duration (e.g., '24h') or a timestamp: ${why}`);
  }
}

/** A filter that stands there without a value asks for what is true. */
function oneValue(filters: Filters, names: readonly string[]): string | undefined {
  const given = names.flatMap((name) => {
    const values = filters.get(name);
    return values?.length === 0 ? ['true'] : (values ?? []);
  });
  if (given.length > 1) throw wrong('filters expect only one value');
  return given[0];
}

function bytes(query: Query, name: string): number {
  const text = query.text(name);
  if (text === '') return 0;
  if (/^[+-]?\d+$/.test(text)) return Math.max(0, Number(text));
  const why = `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw new NaruError(
    'invalid-argument',
    'E_QUERY',
    `${name} is in bytes and expects an integer, got ${text}: ${why}`,
  );
}

function isTrue(value: string): boolean {
  return !['', '0', 'no', 'false', 'none'].includes(value.toLowerCase());
}

function wrong(message: string): NaruError {
  return new NaruError('invalid-argument', 'E_FILTERS', `failed to prune build cache: ${message}`);
}
