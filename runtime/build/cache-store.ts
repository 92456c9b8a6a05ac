/**
 * The build cache on disk: records in the metadata store, results as committed snapshots that the record holds by a lease.
 * A record appears after its snapshot was committed; a snapshot without a record is what a killed engine left, and `recover` removes it.
 * Who looks up or builds does so through a view, which holds what it found until it is closed: nothing of it is removed meanwhile.
 */

import type { CarriedRecord } from '../../core/build/carried-cache.ts';
import type { CacheIndex, CacheRecord, Selection } from '../../core/build/cache-record.ts';
import { digestOfParts } from '../../core/build/encoding.ts';
import { landSelection } from '../../core/build/requests.ts';
import { selectionContent } from '../../core/build/selection-content.ts';
import { inResult } from '../../core/context/selection.ts';
import { type Digest, parseDigest } from '../../core/oci/digest.ts';
import type { ImageLayers } from '../engine/images/image-layers.ts';
import type { ImageStore } from '../engine/images/image-store.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import { type Leases, snapshotResource, TEMPORARY_OWNER } from '../store/leases.ts';
import type { Collection, MetadataStore } from '../store/metadata.ts';
import { CacheImports, type ImportedCache, type PendingRecord } from './cache-imports.ts';
import { CacheRecords, type StoredRecord, withLaterNames } from './cache-records.ts';
import { withoutDigests } from './hosted-tree.ts';
import { ImageKeys } from './image-keys.ts';
import { KeptKeys } from './kept-keys.ts';
import { RunningSteps } from './running-steps.ts';

/** Committed snapshots of build steps have this prefix; what lies behind it is unique. */
export const RESULT_PREFIX = 'build-';

export interface CacheStoreParts {
  readonly metadata: MetadataStore;
  readonly snapshots: Snapshotter;
  readonly images: ImageStore;
  readonly leases: Leases;
  readonly layers: ImageLayers;
  readonly now: () => Date;
}

/** The cache as one build or one preview sees it. */
export interface CacheView {
  readonly index: CacheIndex;
  /** Keeps a snapshot until the view is closed. To be called before it is looked at, or before it is made. */
  hold(snapshot: string): void;
  /** Its snapshot must be committed and held. */
  add(record: CacheRecord): void;
  /** From now on `key`, which is made of `sources`, leads to a record that was found here, before any other. */
  alias(record: CacheRecord, key: Digest, sources?: readonly Digest[]): void;
  /** The record of a result that has to be fetched before it can be used, or made when it has no layers. */
  carried(result: string): CarriedRecord | undefined;
  /** The snapshot of a result, fetched and recorded when it is not here. @throws NaruError when that fails; the record is not found any more then */
  materialise(result: string, signal: AbortSignal): Promise<string>;
  /** What a build used counts as used now. */
  close(): void;
}

/** Digests of what selections land of one result, by digest of the selection. */
type Contents = Readonly<Record<string, string>>;

/** One per engine. */
export class CacheStore {
  readonly records: CacheRecords;
  /** Whose records are on their way. */
  readonly running = new RunningSteps();
  readonly #parts: CacheStoreParts;
  readonly #imageKeys: ImageKeys;
  readonly #keptKeys: KeptKeys;
  readonly #contents: Collection<Contents>;
  #nPreviews = 0;

  constructor(parts: CacheStoreParts) {
    this.#parts = parts;
    this.#imageKeys = new ImageKeys(parts.images);
    this.records = new CacheRecords(parts.metadata, parts.leases);
    this.#keptKeys = new KeptKeys(parts.metadata);
    this.#contents = parts.metadata.collection('cache.content', (value) => value as Contents); // written below only
  }

  /** Removes records without a result, and results without a record. */
  async recover(): Promise<void> {
    const { snapshots, leases } = this.#parts;
    const committed = new Set(
      (await snapshots.list()).flatMap(({ name, state }) => (state === 'committed' ? [name] : [])),
    );
    for (const record of this.records.all()) if (!committed.has(record.result)) this.records.forget(record);
    for (const snapshot of this.#contents.ids())
      if (!committed.has(snapshot)) this.#contents.delete(snapshot);
    let left = [...committed].filter(
      (name) => name.startsWith(RESULT_PREFIX) && !leases.isHeld(snapshotResource(name)),
    );
    // What something was built on goes after it, or stays with it.
    for (let nBefore = left.length + 1; left.length < nBefore; ) {
      nBefore = left.length;
      const kept: string[] = [];
      for (const name of left) await snapshots.remove(name).catch(() => kept.push(name));
      left = kept;
    }
  }

  /** The cache without what build `build` itself made, so that what it does is settled when it starts. */
  openBuild(build: string, caches: readonly ImportedCache[] = []): CacheView {
    const owner = buildOwner(build);
    const used = new Set<string>();
    const { now, leases } = this.#parts;
    const imports = this.#imports(caches, owner);
    return {
      ...this.#view(owner, (record) => record.build !== build, used, imports),
      add: (record) => {
        this.records.add(record, build, now());
      },
      alias: ({ key: own, result }, key, sources) => {
        const stored = this.records.ofResult(result).find((record) => record.key === own);
        if (stored !== undefined) this.records.alias(stored, key, sources);
      },
      carried: (result) => imports.pending(result)?.record,
      materialise: async (result, signal) => {
        const pending = imports.pending(result);
        return pending === undefined ? result : this.#materialise(pending, imports, build, signal);
      },
      close: () => {
        leases.release(owner);
        try {
          this.#keepKeys(imports);
          this.records.touch(used, now());
        } catch {
          // On a full disk: what goes first later is less well chosen, and the build is what it is.
        }
      },
    };
  }

  /** The cache as a build started now would find it; nothing counts as used. */
  openPreview(caches: readonly ImportedCache[] = []): Pick<CacheView, 'index' | 'close'> {
    this.#nPreviews += 1;
    const owner = `${TEMPORARY_OWNER}preview-${this.#nPreviews}`;
    const { leases } = this.#parts;
    const view = this.#view(owner, () => true, new Set(), this.#imports(caches, owner));
    return { ...view, close: () => leases.release(owner) };
  }

  /** Forgets what is known of a result, but for the keys of its steps. Its snapshot must be gone, or be kept by an image. */
  forgetResult(snapshot: string): void {
    this.#parts.metadata.transaction(() => {
      for (const record of this.records.ofResult(snapshot)) {
        this.#keptKeys.add({ ...withLaterNames(record), components: [] });
        this.records.forget(record);
      }
      this.#contents.delete(snapshot);
    });
  }

  /** After results were forgotten: keys that lead to nothing go. */
  trimKeys(): void {
    this.#parts.metadata.transaction(() => this.#keptKeys.trim(() => this.records.all().map(withLaterNames)));
  }

  /** What a build found elsewhere and neither fetched nor ran: its next build finds the key here. */
  #keepKeys(imports: CacheImports): void {
    const found = imports
      .found()
      .filter(({ cache, record }) => cache.isKept !== true && this.records.withKey(record.key).length === 0);
    if (found.length === 0) return;
    this.#parts.metadata.transaction(() => {
      for (const { record } of found) this.#keptKeys.add(record);
    });
  }

  #view(
    owner: string,
    isVisible: (record: StoredRecord) => boolean,
    used: Set<string>,
    imports: CacheImports,
  ): Pick<CacheView, 'index' | 'hold'> {
    const { leases } = this.#parts;
    const hold = (snapshot: string): void => leases.hold(owner, snapshotResource(snapshot));
    const firstThere = async (records: readonly StoredRecord[]): Promise<StoredRecord | undefined> => {
      for (const record of records) if (await this.#heldWhenThere(record.result, owner)) return record;
      return undefined;
    };
    // Of a source that this build made as well.
    const snapshotOf = async (key: Digest): Promise<string | undefined> =>
      (await firstThere(this.records.withKey(key)))?.result ?? (await this.#imageSnapshot(key, owner));
    const index: CacheIndex = {
      find: async (keys) => {
        for (const key of keys) {
          const found = await firstThere(this.records.withKey(key).filter(isVisible));
          if (found === undefined) continue;
          used.add(found.id);
          return { ...found, components: [] };
        }
        for (const key of keys) {
          const pending = await imports.find(key);
          if (pending !== undefined) return recordOf(pending);
        }
        for (const key of keys) {
          const pending = imports.findKeyOnly(key);
          if (pending !== undefined) return { ...recordOf(pending), isKeyOnly: true };
        }
        return undefined;
      },
      keysWithPartial: async (partial) => {
        const keys = new Set(await imports.keysWithPartial(partial));
        for (const record of this.records.withPartial(partial).filter(isVisible))
          if (!keys.has(record.key) && (await this.#heldWhenThere(record.result, owner)))
            keys.add(record.key);
        return [...keys];
      },
      contentOf: async (key, selection) => {
        const snapshot = await snapshotOf(key);
        return snapshot === undefined ? undefined : this.#contentOf(snapshot, selection);
      },
      faultsOf: async (key, selection) => {
        const snapshot = await snapshotOf(key);
        if (snapshot === undefined) return [];
        const tree = withoutDigests(await this.#parts.snapshots.tree(snapshot));
        return (await landSelection(tree, selection)).faults.map(inResult);
      },
      nearest: async (origin) => {
        const record = this.records.near(origin).find(isVisible);
        return record === undefined
          ? undefined
          : { ...record, components: this.records.componentsOf(record.id) };
      },
    };
    return { index, hold };
  }

  #imports(caches: readonly ImportedCache[], owner: string): CacheImports {
    const all = [...caches, this.#keptKeys.asCache()];
    return new CacheImports({ caches: all, layers: this.#parts.layers, owner });
  }

  async #materialise(
    pending: PendingRecord,
    imports: CacheImports,
    build: string,
    signal: AbortSignal,
  ): Promise<string> {
    try {
      const result = await imports.materialise(pending, signal);
      const { layers: _, ...record } = pending.record;
      const bytes = await this.#parts.snapshots.usageBytes(result);
      this.records.add({ ...record, result, bytes }, build, this.#parts.now());
      return result;
    } catch (error) {
      imports.refuse(pending);
      throw error;
    }
  }

  /** Held before it is looked at, so that nobody removes it in between. */
  async #heldWhenThere(snapshot: string, owner: string): Promise<boolean> {
    const { leases, snapshots } = this.#parts;
    leases.hold(owner, snapshotResource(snapshot));
    const isThere = (await snapshots.stat(snapshot))?.state === 'committed';
    if (isThere && !snapshots.isLost(snapshot)) return true;
    leases.release(owner, snapshotResource(snapshot));
    return false;
  }

  async #contentOf(snapshot: string, selection: Selection): Promise<Digest | undefined> {
    if (selection.kind === 'layer') return undefined;
    // Earlier versions kept a digest under 'selection' for missing sources as well.
    const id = digestOfParts('selection.whole', [JSON.stringify(selection)]);
    const known = this.#contents.get(snapshot)?.[id];
    if (known !== undefined) return parseDigest(known);
    const digest = await selectionContent(await this.#parts.snapshots.tree(snapshot), selection);
    if (digest === undefined) return undefined;
    this.#contents.put(snapshot, { ...this.#contents.get(snapshot), [id]: digest });
    return digest;
  }

  /** The topmost snapshot of a base image. */
  async #imageSnapshot(key: Digest, owner: string): Promise<string | undefined> {
    for (const top of await this.#imageKeys.topsOf(key)) {
      if (await this.#heldWhenThere(top, owner)) return top;
    }
    return undefined;
  }
}

function recordOf({ result, record }: PendingRecord): CacheRecord {
  const { layers: _, ...rest } = record;
  return { ...rest, components: [], result };
}

/** Who holds what a running build uses. */
export function buildOwner(build: string): string {
  return `${TEMPORARY_OWNER}build-${build}`;
}
