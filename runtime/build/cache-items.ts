/** What the build cache keeps on disk, as things that can be removed one by one: results of steps, build contexts, cache mounts. */

import type { CachedItem } from '../../core/build/cache-policy.ts';
import { CACHE_OWNER, contextResource, IMAGE_OWNER, type Leases } from '../store/leases.ts';
import type { SnapshotInfo, Snapshotter } from '../snapshots/snapshotter.ts';
import type { CacheMounts } from './cache-mounts.ts';
import type { CacheRecords, StoredRecord } from './cache-records.ts';
import { RESULT_PREFIX } from './cache-store.ts';
import type { SyncedContexts } from './synced-contexts.ts';

/** In BuildKit's words. */
export type CacheItemType = 'regular' | 'source.local' | 'exec.cachemount';

export interface CacheItem extends CachedItem {
  readonly type: CacheItemType;
  readonly description: string;
  readonly createdAt: Date;
  readonly nBuilds: number;
}

export interface ResultParts {
  readonly snapshots: Snapshotter;
  readonly leases: Leases;
  readonly records: CacheRecords;
}

/**
 * Committed snapshots that the cache keeps: results, and layers below them whose image is gone.
 * What an image has as well is shared, and listed only when a record knows it.
 */
export async function resultItems(parts: ResultParts): Promise<readonly CacheItem[]> {
  const all = new Map((await parts.snapshots.list()).map((info) => [info.name, info]));
  const owners = parts.leases.snapshotOwners();
  const records = new Map<string, StoredRecord[]>();
  for (const record of parts.records.all()) {
    const others = records.get(record.result);
    if (others === undefined) records.set(record.result, [record]);
    else others.push(record);
  }
  const kept = keptByCache(all, owners, records);
  const busy = parentsOfOthers(all, kept);
  const items: CacheItem[] = [];
  for (const info of kept.values()) {
    const holders = owners.get(info.name) ?? [];
    const isShared = holders.some((owner) => owner.startsWith(IMAGE_OWNER));
    const isHeld = holders.some((owner) => !owner.startsWith(CACHE_OWNER) && !owner.startsWith(IMAGE_OWNER));
    const ours = records.get(info.name) ?? [];
    const bytes = await bytesOf(info, ours, parts.snapshots);
    if (bytes === undefined) continue;
    // Forgetting what an image keeps takes nothing from those who stand on it.
    const isInUse = isHeld || (!isShared && busy.has(info.name));
    items.push(itemOf(info, ours, { isShared, isInUse, bytes }, parts.records));
  }
  return items;
}

/** Cache mounts as items. */
export async function mountItems(mounts: CacheMounts): Promise<readonly CacheItem[]> {
  return (await mounts.usage()).map(({ id, name, bytes, isInUse, createdAt, lastUsedAt, nBuilds }) => ({
    id,
    type: 'exec.cachemount',
    description: `cached mount ${name}`,
    bytes,
    isShared: false,
    isInUse,
    createdAt: new Date(createdAt),
    lastUsedMs: Date.parse(lastUsedAt),
    nBuilds,
  }));
}

/** Contexts as items; contents that several have count for the one used last. */
export function contextItems(contexts: SyncedContexts, leases: Leases): readonly CacheItem[] {
  return contexts.usage().map(({ id, bytes, createdAt, lastUsedAt }) => ({
    id,
    type: 'source.local',
    description: 'build context',
    bytes,
    isShared: false,
    isInUse: leases.isHeld(contextResource(id)),
    createdAt,
    lastUsedMs: lastUsedAt.getTime(),
    nBuilds: 1,
  }));
}

type Owners = ReadonlyMap<string, readonly string[]>;
type Records = ReadonlyMap<string, readonly StoredRecord[]>;

function keptByCache(
  all: ReadonlyMap<string, SnapshotInfo>,
  owners: Owners,
  records: Records,
): ReadonlyMap<string, SnapshotInfo> {
  const isImages = (name: string): boolean =>
    owners.get(name)?.some((owner) => owner.startsWith(IMAGE_OWNER)) === true;
  const kept = new Map<string, SnapshotInfo>();
  for (const info of all.values()) {
    const isResult = records.has(info.name) || (info.name.startsWith(RESULT_PREFIX) && !isImages(info.name));
    if (info.state !== 'committed' || !isResult) continue;
    kept.set(info.name, info);
    // A layer without an image stays because something of the cache stands on it.
    for (let below = parentOf(info, all); below !== undefined; below = parentOf(below, all)) {
      if (kept.has(below.name) || isImages(below.name)) break;
      kept.set(below.name, below);
    }
  }
  return kept;
}

function parentOf(
  { parent }: SnapshotInfo,
  all: ReadonlyMap<string, SnapshotInfo>,
): SnapshotInfo | undefined {
  return parent === undefined ? undefined : all.get(parent);
}

/** What containers, running builds and image layers stand on cannot go. */
function parentsOfOthers(
  all: ReadonlyMap<string, SnapshotInfo>,
  kept: ReadonlyMap<string, SnapshotInfo>,
): ReadonlySet<string> {
  const parents = new Set<string>();
  for (const { name, parent } of all.values())
    if (parent !== undefined && !kept.has(name)) parents.add(parent);
  return parents;
}

/** Undefined for what was removed meanwhile. */
async function bytesOf(
  { name }: SnapshotInfo,
  [record]: readonly StoredRecord[],
  snapshots: Snapshotter,
): Promise<number | undefined> {
  return record?.bytes ?? (await snapshots.usageBytes(name).catch(() => undefined));
}

function itemOf(
  { name, parent, createdAt }: SnapshotInfo,
  records: readonly StoredRecord[],
  state: Pick<CacheItem, 'isShared' | 'isInUse' | 'bytes'>,
  stored: CacheRecords,
): CacheItem {
  const uses = records.map((record) => stored.useOf(record));
  return {
    id: name,
    ...(parent === undefined ? {} : { parent }),
    type: 'regular',
    description: records.at(0)?.origin.instruction ?? '',
    ...state,
    createdAt,
    lastUsedMs: Math.max(createdAt.getTime(), ...uses.map(({ lastUsedAt }) => Date.parse(lastUsedAt))),
    nBuilds: Math.max(0, ...uses.map(({ nBuilds }) => nBuilds)),
  };
}
