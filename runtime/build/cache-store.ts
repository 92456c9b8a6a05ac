/**
 * The build cache on disk: records in the metadata store, results as committed snapshots that the record holds by a lease.
 * A record appears after its snapshot was committed; a snapshot without a record is what a killed engine left, and `recover` removes it.
 */

import { landSelection } from '../../core/build/requests.ts';
import { contentDigest, imageKey } from '../../core/build/cache-key.ts';
import type {
  CacheIndex,
  CacheRecord,
  KeyComponent,
  Selection,
  StepOrigin,
} from '../../core/build/cache-record.ts';
import { digestOfParts } from '../../core/build/encoding.ts';
import { type Digest, parseDigest } from '../../core/oci/digest.ts';
import { normalizePlatform } from '../../core/oci/platform.ts';
import type { ImageStore } from '../engine/images/image-store.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import { type Leases, snapshotResource } from '../store/leases.ts';
import type { Collection, MetadataStore } from '../store/metadata.ts';

/** Committed snapshots of build steps have this prefix; what lies behind it is unique. */
export const RESULT_PREFIX = 'build-';

interface StoredRecord extends Omit<CacheRecord, 'components'> {
  /** The build that made it. */
  readonly build: string;
}

/** Records a name leads to, newest first. */
interface Names {
  readonly ids: readonly string[];
}

const MAX_PER_NAME = 4;

export interface CacheUsage {
  readonly nRecords: number;
  readonly bytes: number;
}

/** One per engine. */
export class CacheStore {
  readonly #metadata: MetadataStore;
  readonly #snapshots: Snapshotter;
  readonly #images: ImageStore;
  readonly #leases: Leases;
  readonly #records: Collection<StoredRecord>;
  readonly #components: Collection<readonly KeyComponent[]>;
  readonly #names: Collection<Names>;
  readonly #contents: Collection<{ readonly digest: string }>;

  constructor(parts: {
    readonly metadata: MetadataStore;
    readonly snapshots: Snapshotter;
    readonly images: ImageStore;
    readonly leases: Leases;
  }) {
    this.#metadata = parts.metadata;
    this.#snapshots = parts.snapshots;
    this.#images = parts.images;
    this.#leases = parts.leases;
    // The engine wrote these documents itself; the schema version of the file guards their shape.
    this.#records = parts.metadata.collection('cache.record', (value) => value as StoredRecord);
    this.#components = parts.metadata.collection('cache.components', (value) => value as KeyComponent[]);
    this.#names = parts.metadata.collection('cache.name', (value) => value as Names);
    this.#contents = parts.metadata.collection('cache.content', (value) => value as { digest: string });
  }

  /** Removes results that no record knows. */
  async recover(): Promise<void> {
    for (const { name, state } of (await this.#snapshots.list()).toReversed()) {
      if (state !== 'committed' || !name.startsWith(RESULT_PREFIX)) continue;
      if (this.#leases.isHeld(snapshotResource(name))) continue;
      await this.#snapshots.remove(name).catch(() => undefined); // something was built on it: it stays
    }
  }

  /** The cache as build `build` sees it: without what that build itself made, so that what it does is settled when it starts. */
  indexFor(build: string | undefined): CacheIndex {
    const isVisible = (record: StoredRecord): boolean => record.build !== build;
    return {
      find: async (keys) => {
        for (const key of keys) {
          const found = await this.#usable(keyName(key), isVisible);
          if (found !== undefined) return { ...found, components: [] };
        }
        return undefined;
      },
      hasPartial: async (partial) => (await this.#usable(partialName(partial), isVisible)) !== undefined,
      contentOf: (key, selection) => this.#contentOf(key, selection),
      nearest: async (origin) => {
        const found = originNames(origin).map((name) => this.#newest(name, isVisible));
        const record = found.find((candidate) => candidate !== undefined);
        if (record === undefined) return undefined;
        return { ...record, components: this.#components.get(record.result) ?? [] };
      },
    };
  }

  /** Its snapshot must be committed. */
  add(record: CacheRecord, build: string): void {
    const { components, ...rest } = record;
    const names = new Set([record.key, ...record.aliases].map(keyName));
    names.add(partialName(record.partial));
    for (const name of originNames(record.origin)) names.add(name);
    this.#metadata.transaction(() => {
      this.#records.put(record.result, { ...rest, build });
      this.#components.put(record.result, components);
      for (const name of names) {
        const ids = this.#names.get(name)?.ids ?? [];
        this.#names.put(name, { ids: [record.result, ...ids].slice(0, MAX_PER_NAME) });
      }
      this.#leases.hold(ownerOf(record.result), snapshotResource(record.result));
    });
  }

  usage(): CacheUsage {
    const records = this.#records.all();
    return { nRecords: records.length, bytes: records.reduce((sum, record) => sum + record.bytes, 0) };
  }

  /** Forgets every record; results that nothing else holds are removed. Answers the removed results and their bytes. */
  async prune(): Promise<{ readonly removed: readonly string[]; readonly bytes: number }> {
    const records = this.#records.all().toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    const removed: string[] = [];
    let bytes = 0;
    for (const record of records) {
      this.#forget(record.result);
      if (this.#leases.isHeld(snapshotResource(record.result))) continue;
      try {
        await this.#snapshots.remove(record.result);
      } catch {
        continue; // an image is built on it
      }
      removed.push(record.result);
      bytes += record.bytes;
    }
    for (const name of this.#names.ids()) this.#names.delete(name);
    for (const id of this.#contents.ids()) this.#contents.delete(id);
    return { removed, bytes };
  }

  #forget(result: string): void {
    this.#metadata.transaction(() => {
      this.#records.delete(result);
      this.#components.delete(result);
      this.#leases.release(ownerOf(result));
    });
  }

  async #usable(
    name: string,
    isVisible: (record: StoredRecord) => boolean,
  ): Promise<StoredRecord | undefined> {
    const record = this.#newest(name, isVisible);
    if (record === undefined) return undefined;
    const info = await this.#snapshots.stat(record.result);
    return info?.state === 'committed' ? record : undefined;
  }

  #newest(name: string, isVisible: (record: StoredRecord) => boolean): StoredRecord | undefined {
    for (const id of this.#names.get(name)?.ids ?? []) {
      const record = this.#records.get(id);
      if (record !== undefined && isVisible(record)) return record;
    }
    return undefined;
  }

  async #contentOf(key: Digest, selection: Selection): Promise<Digest | undefined> {
    if (selection.kind === 'layer') return undefined;
    const snapshot = await this.#snapshotOf(key);
    if (snapshot === undefined) return undefined;
    const id = digestOfParts('content-of', [snapshot, JSON.stringify(selection)]);
    const known = this.#contents.get(id);
    if (known !== undefined) return parseDigest(known.digest);
    const { landed } = await landSelection(await this.#snapshots.tree(snapshot), selection);
    const digest = contentDigest(landed);
    this.#contents.put(id, { digest });
    return digest;
  }

  /** Of a record, else of a base image. */
  async #snapshotOf(key: Digest): Promise<string | undefined> {
    const record = await this.#usable(keyName(key), () => true);
    if (record !== undefined) return record.result;
    for (const { config, snapshots } of await this.#images.list()) {
      const { os, architecture, variant } = config;
      const platform = normalizePlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) });
      if (imageKey(config.rootfs.diff_ids, platform) === key) return snapshots.at(-1);
    }
    return undefined;
  }
}

function keyName(key: Digest): string {
  return `key ${key}`;
}

function partialName(partial: Digest): string {
  return `partial ${partial}`;
}

function originNames({ project, stage, line, instruction }: StepOrigin): readonly string[] {
  return [
    `text ${digestOfParts('origin', [project, stage, instruction])}`,
    `line ${digestOfParts('origin', [project, stage, String(line)])}`,
  ];
}

function ownerOf(result: string): string {
  return `cache:${result}`;
}
