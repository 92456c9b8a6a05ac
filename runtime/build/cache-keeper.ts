/**
 * All that the build cache keeps on disk: what it takes, and removing of it: when somebody asks (`prune`), and by itself within limits (`sweep`).
 * One removal at a time. What an image, a container or a running build uses is never taken: it is held (store/leases.ts).
 */

import { itemsToRemove } from '../../core/build/cache-policy.ts';
import { isErrorKind } from '../../core/errors.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import { CACHE_OWNER, contextResource, IMAGE_OWNER, type Leases, snapshotResource } from '../store/leases.ts';
import { type CacheItem, contextItems, mountItems, resultItems } from './cache-items.ts';
import type { CacheMounts } from './cache-mounts.ts';
import type { CacheStore } from './cache-store.ts';
import type { SyncedContexts } from './synced-contexts.ts';

export interface CacheKeeperParts {
  readonly snapshots: Snapshotter;
  readonly leases: Leases;
  readonly cache: CacheStore;
  readonly mounts: CacheMounts;
  readonly contexts: SyncedContexts;
}

export interface PruneRequest {
  /** Also what images have: it is forgotten, and nothing comes free. */
  readonly all: boolean;
  /** Stop when the cache has at most so many bytes. */
  readonly keepBytes?: number;
  /** Only what was last used before this. */
  readonly unusedSince?: Date;
  /** Only these. */
  readonly matches?: (item: CacheItem) => boolean;
}

export interface PrunedCache {
  /** Ids, in the order they went. */
  readonly removed: readonly string[];
  /** What the disk has more now. */
  readonly bytes: number;
}

/** One per engine. */
export class CacheKeeper {
  readonly #parts: CacheKeeperParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: CacheKeeperParts) {
    this.#parts = parts;
  }

  /** In no particular order. */
  async items(): Promise<readonly CacheItem[]> {
    const { snapshots, leases, cache, mounts, contexts } = this.#parts;
    const results = await resultItems({ snapshots, leases, records: cache.records });
    return [...results, ...(await mountItems(mounts)), ...contextItems(contexts, leases)];
  }

  /** Removes until each request is met, in order, the least recently used first. Aborting ends it after the item at hand. */
  prune(requests: readonly PruneRequest[], signal?: AbortSignal): Promise<PrunedCache> {
    const run = this.#last.then(() => this.#pruneAll(requests, signal));
    this.#last = run.catch(() => undefined); // whoever asked is told; the next one begins anew
    return run;
  }

  async #pruneAll(requests: readonly PruneRequest[], signal?: AbortSignal): Promise<PrunedCache> {
    let items = await this.items();
    const removed: string[] = [];
    let bytes = 0;
    for (const request of requests) {
      const done = await this.#prune(items, request, signal);
      const gone = new Set(done.removed);
      items = items.filter(({ id }) => !gone.has(id));
      removed.push(...done.removed);
      bytes += done.bytes;
    }
    this.#parts.cache.trimKeys();
    return { removed, bytes };
  }

  async #prune(
    items: readonly CacheItem[],
    { all, matches, ...limits }: PruneRequest,
    signal?: AbortSignal,
  ): Promise<PrunedCache> {
    const byId = new Map(items.map((item) => [item.id, item]));
    // What does not match counts, and stays.
    const considered =
      matches === undefined ? items : items.map((item) => (matches(item) ? item : pinned(item)));
    const ids = itemsToRemove(considered, {
      includesShared: all,
      ...(limits.keepBytes === undefined ? {} : { maxBytes: limits.keepBytes }),
      ...(limits.unusedSince === undefined ? {} : { unusedSinceMs: limits.unusedSince.getTime() }),
    });
    const removed: string[] = [];
    let bytes = 0;
    for (const id of ids) {
      const item = byId.get(id);
      if (signal?.aborted === true || item === undefined) break;
      const freed = await this.#remove(item);
      if (freed === undefined) continue;
      removed.push(id);
      bytes += freed;
    }
    return { removed, bytes };
  }

  /** Bytes that came free; undefined when it stays because it came into use meanwhile. */
  async #remove(item: CacheItem): Promise<number | undefined> {
    switch (item.type) {
      case 'regular':
        return this.#removeResult(item);
      case 'exec.cachemount':
        return (await this.#parts.mounts.remove(item.id)) ? item.bytes : undefined;
      case 'source.local':
        return this.#removeContext(item);
    }
  }

  async #removeContext({ id }: CacheItem): Promise<number | undefined> {
    const { leases, contexts } = this.#parts;
    return contexts.remove(id, () => !leases.isHeld(contextResource(id)));
  }

  async #removeResult({ id, bytes, isShared }: CacheItem): Promise<number | undefined> {
    const { snapshots, leases, cache } = this.#parts;
    const owners = leases.owners(snapshotResource(id)).filter((owner) => !owner.startsWith(CACHE_OWNER));
    const isImages = owners.some((owner) => owner.startsWith(IMAGE_OWNER));
    if (isImages !== isShared || owners.some((owner) => !owner.startsWith(IMAGE_OWNER))) return undefined;
    if (isImages) {
      cache.forgetResult(id);
      return 0;
    }
    try {
      // No await between the question above and the removal of the row in here: nobody can take hold of it in between.
      await snapshots.remove(id);
    } catch (error) {
      if (isErrorKind(error, 'conflict') || isErrorKind(error, 'not-found')) return undefined;
      cache.forgetResult(id);
      throw error;
    }
    cache.forgetResult(id);
    return bytes;
  }
}

function pinned(item: CacheItem): CacheItem {
  return { ...item, isInUse: true };
}
