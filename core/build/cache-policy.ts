/**
 * What to remove of a build cache: the least recently used first, never what something else stands on, is used, or (unless asked) belongs to an image as well.
 * Sizes count what the cache alone keeps: bytes that an image has too would not come free.
 */

/** One thing the cache keeps on disk. */
export interface CachedItem {
  readonly id: string;
  /** Id of the item it stands on, which cannot go before it. */
  readonly parent?: string;
  readonly bytes: number;
  /** An image has it as well: removing it makes the cache forget it, and frees nothing. */
  readonly isShared: boolean;
  /** A running build, a container or something that is no item needs it. */
  readonly isInUse: boolean;
  /** Milliseconds since the epoch. */
  readonly lastUsedMs: number;
}

export interface CacheLimits {
  /** Stop when the cache has at most so many bytes; absent: remove everything that may go. */
  readonly maxBytes?: number;
  /** Only what was last used before this, in milliseconds since the epoch. */
  readonly unusedSinceMs?: number;
  /** Shared items as well. */
  readonly includesShared: boolean;
}

/** Bytes that the cache alone keeps. */
export function cacheBytes(items: Iterable<CachedItem>): number {
  let sum = 0;
  for (const { isShared, bytes } of items) sum += isShared ? 0 : bytes;
  return sum;
}

/** Ids in the order they can be removed one by one. */
export function itemsToRemove(items: readonly CachedItem[], limits: CacheLimits): readonly string[] {
  const { maxBytes = -1, unusedSinceMs = Number.POSITIVE_INFINITY, includesShared } = limits;
  const byId = new Map(items.map((item) => [item.id, item]));
  const nChildren = new Map<string, number>();
  for (const { parent } of items)
    if (parent !== undefined) nChildren.set(parent, (nChildren.get(parent) ?? 0) + 1);
  const mayGo = (item: CachedItem): boolean =>
    !item.isInUse &&
    item.lastUsedMs < unusedSinceMs &&
    (includesShared || !item.isShared) &&
    (nChildren.get(item.id) ?? 0) === 0;
  const ready = items.filter(mayGo).toSorted(byAge);
  const removed: string[] = [];
  let bytes = cacheBytes(items);
  for (let at = 0; bytes > maxBytes; at += 1) {
    const item = ready[at];
    if (item === undefined) break;
    removed.push(item.id);
    if (!item.isShared) bytes -= item.bytes;
    const below = item.parent === undefined ? undefined : byId.get(item.parent);
    if (below === undefined) continue;
    nChildren.set(below.id, (nChildren.get(below.id) ?? 0) - 1);
    if (mayGo(below)) insert(ready, at + 1, below);
  }
  return removed;
}

/** Oldest first; equal ages by id, so that the answer does not depend on the order of the question. */
function byAge(a: CachedItem, b: CachedItem): number {
  if (a.lastUsedMs !== b.lastUsedMs) return a.lastUsedMs - b.lastUsedMs;
  return a.id < b.id ? -1 : 1;
}

/** Into the sorted part that begins at `from`. */
function insert(sorted: CachedItem[], from: number, item: CachedItem): void {
  let low = from;
  for (let high = sorted.length; low < high; ) {
    const middle = (low + high) >> 1;
    const other = sorted[middle];
    if (other !== undefined && byAge(other, item) < 0) low = middle + 1;
    else high = middle;
  }
  sorted.splice(low, 0, item);
}
