/**
 * Steps that come from elsewhere: caches that a client carries, and images that hold records of their own layers.
 * Nothing is fetched before it is needed. A layer is checked against its diffID when it comes; whatever is wrong with it makes the step a miss.
 */

import { Readable } from 'node:stream';

import type { CarriedRecord } from '../../core/build/carried-cache.ts';
import { NaruError } from '../../core/errors.ts';
import type { Digest } from '../../core/oci/digest.ts';
import type { ImageLayers } from '../engine/images/image-layers.ts';

export interface ImportedCache {
  /** As messages call it. */
  readonly name: string;
  /** Of this engine itself (kept-keys.ts). */
  readonly isKept?: true;
  readonly records: readonly CarriedRecord[];
  /** DiffIDs that `fetch` can get. */
  readonly layers: ReadonlySet<Digest>;
  /** The uncompressed tar of a layer. @throws NaruError when it does not come */
  readonly fetch: (diffId: Digest, signal: AbortSignal) => Promise<Readable>;
}

export interface CacheImportsOptions {
  /** Searched in order. */
  readonly caches: readonly ImportedCache[];
  readonly layers: ImageLayers;
  /** Holds the layers that are found or made. */
  readonly owner: string;
}

/** A record that can be used, and whose result is not here yet. */
export interface PendingRecord {
  /** Stands for the result until it is here. */
  readonly result: string;
  readonly record: CarriedRecord;
  readonly cache: ImportedCache;
}

const PENDING_PREFIX = 'imported:';

/** For one build or one preview. */
export class CacheImports {
  readonly #options: CacheImportsOptions;
  readonly #byKey = new Map<Digest, PendingRecord[]>();
  readonly #partials = new Map<Digest, PendingRecord[]>();
  readonly #byResult = new Map<string, PendingRecord>();
  readonly #refused = new Set<string>();
  readonly #found = new Set<PendingRecord>();

  constructor(options: CacheImportsOptions) {
    this.#options = options;
    for (const cache of options.caches) {
      for (const record of cache.records) {
        const pending = { result: `${PENDING_PREFIX}${this.#byResult.size}`, record, cache };
        this.#byResult.set(pending.result, pending);
        for (const key of new Set([record.key, ...record.aliases])) append(this.#byKey, key, pending);
        append(this.#partials, record.partial, pending);
      }
    }
  }

  async find(key: Digest): Promise<PendingRecord | undefined> {
    const found = await this.#firstUsable(this.#byKey.get(key));
    if (found !== undefined) this.#found.add(found);
    return found;
  }

  /** One that was carried without its layers. */
  findKeyOnly(key: Digest): PendingRecord | undefined {
    const found = this.#byKey.get(key)?.find(isWithoutLayers);
    if (found !== undefined) this.#found.add(found);
    return found;
  }

  /** All that was found, fetched or not. */
  found(): readonly PendingRecord[] {
    return [...this.#found];
  }

  async keysWithPartial(partial: Digest): Promise<readonly Digest[]> {
    const keys: Digest[] = [];
    for (const pending of this.#partials.get(partial) ?? []) {
      const isFound = isWithoutLayers(pending) || (await this.#firstUsable([pending])) !== undefined;
      if (isFound) keys.push(pending.record.key);
    }
    return keys;
  }

  /** Undefined for a result that is here. */
  pending(result: string): PendingRecord | undefined {
    return this.#byResult.get(result);
  }

  /** It is not found any more. */
  refuse({ result }: PendingRecord): void {
    this.#refused.add(result);
  }

  /** Fetches what is lacking of a result. @returns the snapshot, held by the owner; @throws NaruError when a layer does not come, or is not what it should be */
  async materialise({ record, cache }: PendingRecord, signal: AbortSignal): Promise<string> {
    const { layers, owner } = this.#options;
    const nHere = await this.#depthHere(record.layers);
    let parent = await layers.find(record.layers.slice(0, nHere), owner);
    for (const [at, diffId] of record.layers.entries()) {
      if (at < nHere) continue;
      const open = (): Readable => Readable.from(fetched(cache, diffId, signal), { objectMode: false });
      parent = await layers.ensure({
        below: record.layers.slice(0, at),
        diffId,
        parent,
        open,
        owner,
        signal,
      });
    }
    if (parent !== undefined) return parent;
    throw new NaruError('invalid-argument', 'E_CACHE_RECORD', 'a step of the cache has no layers');
  }

  async #firstUsable(candidates: readonly PendingRecord[] = []): Promise<PendingRecord | undefined> {
    for (const pending of candidates) {
      if (this.#refused.has(pending.result)) continue;
      const { record, cache } = pending;
      const lacking = record.layers.slice(await this.#depthHere(record.layers));
      if (!isWithoutLayers(pending) && lacking.every((diffId) => cache.layers.has(diffId))) return pending;
    }
    return undefined;
  }

  /** How many layers of a stack are here, from the lowest. */
  async #depthHere(stack: readonly Digest[]): Promise<number> {
    const { layers, owner } = this.#options;
    for (let n = stack.length; n > 0; n -= 1)
      if ((await layers.find(stack.slice(0, n), owner)) !== undefined) return n;
    return 0;
  }
}

function isWithoutLayers({ record }: PendingRecord): boolean {
  return record.layers.length === 0;
}

async function* fetched(
  cache: ImportedCache,
  diffId: Digest,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  yield* (await cache.fetch(diffId, signal)) as AsyncIterable<Uint8Array>; // a stream of bytes
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
