/** All containers by id and name, as Docker finds them: full id, name, unique id prefix. */

import { NaruError } from '../../../core/errors.ts';
import { ContainerEntry } from './container-entry.ts';
import type { ContainerId, ContainerRecord } from './container.ts';

/** Rows of containers in the metadata store; `containerRecords` makes them. */
export interface ContainerRecords {
  all(): readonly ContainerRecord[];
  put(record: ContainerRecord): void;
  delete(id: ContainerId): void;
}

export class ContainerTable {
  private readonly entries = new Map<ContainerId, ContainerEntry>();
  /** Names in use or promised to a container that is being made. */
  private readonly names = new Map<string, ContainerId>();
  private readonly records: ContainerRecords;

  constructor(records: ContainerRecords) {
    this.records = records;
    for (const record of records.all()) this.hold(record);
  }

  /** @throws not-found; invalid-argument when a prefix fits several */
  get(nameOrId: string): ContainerEntry {
    const name = withoutSlash(nameOrId);
    const id = this.names.get(name);
    const exact = this.byId(nameOrId) ?? (id === undefined ? undefined : this.byId(id));
    if (exact !== undefined) return exact;
    const found = /^[0-9a-f]+$/.test(name)
      ? [...this.entries.values()].filter((e) => e.id.startsWith(name))
      : [];
    const [only, second] = found;
    if (second !== undefined) {
      const message = `Multiple IDs found with provided prefix: ${name}`;
      throw new NaruError('invalid-argument', 'E_AMBIGUOUS_ID', message);
    }
    // Docker: clients look for exactly these words.
    if (only === undefined)
      throw new NaruError('not-found', 'E_NO_SUCH_CONTAINER', `No such container: ${nameOrId}`);
    return only;
  }

  byId(id: string): ContainerEntry | undefined {
    return this.entries.get(id as ContainerId); // a foreign string is simply not found
  }

  /** Newest first. */
  all(): readonly ContainerEntry[] {
    return [...this.entries.values()].toSorted(
      (a, b) => b.record.createdAt.getTime() - a.record.createdAt.getTime(),
    );
  }

  isNameTaken(name: string): boolean {
    return this.names.has(name);
  }

  /** @throws conflict in Docker's words */
  reserveName(name: string, id: ContainerId): void {
    const holder = this.names.get(name);
    if (holder !== undefined) {
      const message = `Conflict. The container name "/${name}" is already in use by container "${holder}". You have to remove (or rename) that container to be able to reuse that name.`;
      throw new NaruError('conflict', 'E_NAME_IN_USE', message);
    }
    this.names.set(name, id);
  }

  releaseName(name: string): void {
    this.names.delete(name);
  }

  /** Adds a container whose name was reserved, and stores it. */
  add(record: ContainerRecord): ContainerEntry {
    this.records.put(record);
    return this.hold(record);
  }

  delete(entry: ContainerEntry): void {
    this.records.delete(entry.id);
    this.entries.delete(entry.id);
    this.names.delete(entry.record.name);
  }

  private hold(record: ContainerRecord): ContainerEntry {
    const entry = new ContainerEntry(record, (changed) => {
      // A container that was removed meanwhile must not come back.
      if (this.entries.has(changed.id)) this.records.put(changed);
    });
    this.entries.set(record.id, entry);
    this.names.set(record.name, record.id);
    return entry;
  }
}

export function withoutSlash(name: string): string {
  return name.startsWith('/') ? name.slice(1) : name;
}
