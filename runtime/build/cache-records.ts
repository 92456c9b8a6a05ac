/**
 * The rows of the build cache: records by id, their key components apart (they are large and rarely read), when each was last used,
 * and the names that lead to records. What a record's result is and whether it still exists is the cache store's matter.
 */

import { randomUUID } from 'node:crypto';

import {
  type CacheRecord,
  type KeyComponent,
  nearestFirst,
  type StepOrigin,
} from '../../core/build/cache-record.ts';
import { digestOfParts } from '../../core/build/encoding.ts';
import type { Digest } from '../../core/oci/digest.ts';
import { CACHE_OWNER, type Leases, snapshotResource } from '../store/leases.ts';
import type { Collection, MetadataStore } from '../store/metadata.ts';

export interface StoredRecord extends Omit<CacheRecord, 'components'> {
  /** Several records may have one result. */
  readonly id: string;
  /** The build that made it. */
  readonly build: string;
  /** Keys that lead to it since it was found by others than its own, oldest first; what is carried elsewhere does not depend on them. */
  readonly laterNames?: readonly Digest[];
  /** What those were made of. */
  readonly laterSources?: readonly Digest[];
}

export interface RecordUse {
  /** ISO 8601. */
  readonly lastUsedAt: string;
  readonly nBuilds: number;
}

/** Records a name leads to, newest first. */
interface Names {
  readonly ids: readonly string[];
}

const MAX_PER_NAME = 4;
/** Of one record. */
const MAX_LATER_NAMES = 64;

/** Every change is one transaction; a record holds its result by a lease. */
export class CacheRecords {
  readonly #metadata: MetadataStore;
  readonly #leases: Leases;
  readonly #records: Collection<StoredRecord>;
  readonly #components: Collection<readonly KeyComponent[]>;
  readonly #uses: Collection<RecordUse>;
  readonly #names: Collection<Names>;

  constructor(metadata: MetadataStore, leases: Leases) {
    this.#metadata = metadata;
    this.#leases = leases;
    // The engine wrote these documents itself; the schema version of the file guards their shape.
    this.#records = metadata.collection('cache.record', (value) => withId(value as Unnamed));
    this.#components = metadata.collection('cache.components', (value) => value as KeyComponent[]);
    this.#uses = metadata.collection('cache.use', (value) => value as RecordUse);
    this.#names = metadata.collection('cache.name', (value) => value as Names);
  }

  /** Its snapshot must be committed. @returns its id */
  add(record: CacheRecord, build: string, now: Date): string {
    const { components, ...rest } = record;
    return this.#metadata.transaction(() => {
      const isTaken = this.#records.get(record.result) !== undefined;
      const id = isTaken ? `${record.result} ${randomUUID()}` : record.result;
      this.#records.put(id, { ...rest, id, build });
      this.#components.put(id, components);
      this.#uses.put(id, { lastUsedAt: now.toISOString(), nBuilds: 1 });
      for (const name of namesOf(record)) {
        const ids = this.#names.get(name)?.ids ?? [];
        this.#names.put(name, { ids: [id, ...ids].slice(0, MAX_PER_NAME) });
      }
      this.#leases.hold(ownerOf(id), snapshotResource(record.result));
      return id;
    });
  }

  /** From now on `key`, which is made of `sources`, leads to the record first. */
  alias({ id }: StoredRecord, key: Digest, sources: readonly Digest[] = []): void {
    this.#metadata.transaction(() => {
      const record = this.#records.get(id);
      const ids = this.#names.get(keyName(key))?.ids ?? [];
      if (record === undefined || ids[0] === id) return;
      const others = ids.filter((other) => other !== id);
      this.#names.put(keyName(key), { ids: [id, ...others].slice(0, MAX_PER_NAME) });
      if ([record.key, ...record.aliases].includes(key)) return;
      const { laterNames = [], laterSources = [] } = record;
      const names = [...laterNames.filter((name) => name !== key), key];
      for (const name of names.splice(0, Math.max(0, names.length - MAX_LATER_NAMES)))
        this.#unname(keyName(name), id);
      this.#records.put(id, {
        ...record,
        laterNames: names,
        laterSources: [...new Set([...laterSources, ...sources])].slice(-MAX_LATER_NAMES),
      });
    });
  }

  forget(record: StoredRecord): void {
    this.#metadata.transaction(() => {
      this.#records.delete(record.id);
      this.#components.delete(record.id);
      this.#uses.delete(record.id);
      for (const name of namesOf(record)) this.#unname(name, record.id);
      this.#leases.release(ownerOf(record.id));
    });
  }

  #unname(name: string, record: string): void {
    const ids = this.#names.get(name)?.ids.filter((id) => id !== record) ?? [];
    if (ids.length === 0) this.#names.delete(name);
    else this.#names.put(name, { ids });
  }

  /** One more build used them. */
  touch(ids: Iterable<string>, now: Date): void {
    this.#metadata.transaction(() => {
      for (const id of ids) {
        if (this.#records.get(id) === undefined) continue;
        const nBuilds = (this.#uses.get(id)?.nBuilds ?? 0) + 1;
        this.#uses.put(id, { lastUsedAt: now.toISOString(), nBuilds });
      }
    });
  }

  all(): readonly StoredRecord[] {
    return this.#records.all();
  }

  /** Those that hold a result. */
  ofResult(result: string): readonly StoredRecord[] {
    const owners = this.#leases.owners(snapshotResource(result));
    return owners.flatMap((owner) =>
      owner.startsWith(CACHE_OWNER) ? (this.#records.get(owner.slice(CACHE_OWNER.length)) ?? []) : [],
    );
  }

  /** Records written before uses were kept count as used when they were made. */
  useOf(record: StoredRecord): RecordUse {
    return this.#uses.get(record.id) ?? { lastUsedAt: record.createdAt, nBuilds: 1 };
  }

  componentsOf(id: string): readonly KeyComponent[] {
    return this.#components.get(id) ?? [];
  }

  /** Newest first. */
  withKey(key: Digest): readonly StoredRecord[] {
    return this.#named(keyName(key));
  }

  /** Newest first. */
  withPartial(partial: Digest): readonly StoredRecord[] {
    return this.#named(partialName(partial));
  }

  /** Of the same project and stage: those with this instruction text, then those at this place; each in the order of `nearestFirst`, then the one used last first. */
  near(origin: StepOrigin): readonly StoredRecord[] {
    return originNames(origin).flatMap((name) => nearestFirst(this.#lastUsedFirst(name), origin));
  }

  #lastUsedFirst(name: string): readonly StoredRecord[] {
    const uses = this.#named(name).map((record) => ({ record, ...this.useOf(record) }));
    const sorted = uses.toSorted(
      (a, b) => Number(b.lastUsedAt > a.lastUsedAt) - Number(b.lastUsedAt < a.lastUsedAt),
    );
    return sorted.map(({ record }) => record);
  }

  #named(name: string): readonly StoredRecord[] {
    return (this.#names.get(name)?.ids ?? []).flatMap((id) => this.#records.get(id) ?? []);
  }
}

type Unnamed = Omit<StoredRecord, 'id'> & { readonly id?: string };

/** Older engines named a record by its result. */
function withId(record: Unnamed): StoredRecord {
  return { ...record, id: record.id ?? record.result };
}

/** As if it had been made with all the names that lead to it now. */
export function withLaterNames({
  laterNames = [],
  laterSources = [],
  ...record
}: StoredRecord): StoredRecord {
  const sourceKeys = [...(record.sourceKeys ?? []), ...laterSources];
  return {
    ...record,
    aliases: [...record.aliases, ...laterNames],
    ...(sourceKeys.length === 0 ? {} : { sourceKeys }),
  };
}

type Named = Omit<CacheRecord, 'components'> & Pick<StoredRecord, 'laterNames'>;

function namesOf(record: Named): ReadonlySet<string> {
  return new Set([
    ...[record.key, ...record.aliases, ...(record.laterNames ?? [])].map(keyName),
    partialName(record.partial),
    ...originNames(record.origin),
  ]);
}

function keyName(key: Digest): string {
  return `key ${key}`;
}

function partialName(partial: Digest): string {
  return `partial ${partial}`;
}

function originNames({ project, stage, line, place, instruction }: StepOrigin): readonly string[] {
  return [
    `text ${digestOfParts('origin', [project, stage, instruction])}`,
    // Earlier versions knew a step by its line.
    place === undefined
      ? `line ${digestOfParts('origin', [project, stage, String(line)])}`
      : `place ${digestOfParts('origin', [project, stage, place])}`,
  ];
}

function ownerOf(id: string): string {
  return `${CACHE_OWNER}${id}`;
}
