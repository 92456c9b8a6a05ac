/**
 * Steps known by key alone: their results were pruned, or never came here, and what was made from them stayed.
 * A build that needs no more than what stayed finds all of its steps and runs none, as with BuildKit (dockerd 28.5.2, measured).
 */

import type { CacheRecord } from '../../core/build/cache-record.ts';
import { carriedFields, type CarriedRecord } from '../../core/build/carried-cache.ts';
import { ancestorsAmong } from '../../core/build/descent.ts';
import type { Collection, MetadataStore } from '../store/metadata.ts';
import type { ImportedCache } from './cache-imports.ts';

/** One per engine. */
export class KeptKeys {
  readonly #rows: Collection<CarriedRecord>;
  #cache: ImportedCache | undefined;

  constructor(metadata: MetadataStore) {
    this.#rows = metadata.collection('cache.kept-key', (value) => value as CarriedRecord); // written below only
  }

  /** As a cache without layers, the newest record of a key first. */
  asCache(): ImportedCache {
    this.#cache ??= {
      name: 'this engine',
      isKept: true,
      records: this.#rows
        .all()
        .toSorted((a, b) => Number(a.createdAt < b.createdAt) - Number(a.createdAt > b.createdAt)),
      layers: new Set(),
      fetch: (diffId) => Promise.reject(new Error(`no layer is kept here: ${diffId}`)),
    };
    return this.#cache;
  }

  /** One per key, the latest. */
  add(record: Omit<CacheRecord, 'result'>): void {
    this.#rows.put(record.key, { ...carriedFields(record), components: [], layers: [] });
    this.#cache = undefined;
  }

  /** Keeps those that one of `records` was made from. */
  trim(records: () => readonly Omit<CacheRecord, 'components'>[]): void {
    const kept = this.#rows.all();
    if (kept.length === 0) return;
    const needed = ancestorsAmong(kept, records());
    for (const record of kept) if (!needed.has(record)) this.#rows.delete(record.key);
    this.#cache = undefined;
  }
}
