/**
 * Named and anonymous volumes of the "local" driver: directories below the engine's root.
 * Who uses a volume is told by `acquire` and `release`; the containers do that, also after a restart of the engine.
 */

import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import type { Events } from '../events/events.ts';
import { booleanFilter } from '../filters/boolean-filter.ts';
import { hasLabel } from '../has-label.ts';
import { checkVolumeOptions } from './check-options.ts';
import { mountLocalVolume, unmountLocalVolume } from './local-mount.ts';

/** Of a directory's name on Linux. */
const MAX_NAME_LENGTH = 255;

export interface Volume {
  readonly name: string;
  readonly driver: string;
  /** Directory on the host. */
  readonly mountpoint: string;
  readonly createdAt: Date;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  readonly isAnonymous: boolean;
}

export interface VolumeRequest {
  /** Absent or '' makes an anonymous one with 64 hex characters. */
  readonly name?: string;
  readonly driver?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, string>>;
}

/** Rows of volumes in the metadata store. */
export interface VolumeRecords {
  all(): readonly Volume[];
  put(volume: Volume): void;
  delete(name: string): void;
}

export interface VolumesDependencies {
  /** Persistent; a volume is `<directory>/<name>/_data`. */
  readonly directory: string;
  readonly records: VolumeRecords;
  readonly events: Events;
}

export class Volumes {
  private readonly parts: VolumesDependencies;
  private readonly byName = new Map<string, Volume>();
  private readonly users = new Map<string, Set<string>>();

  constructor(parts: VolumesDependencies) {
    this.parts = parts;
    for (const volume of parts.records.all()) this.byName.set(volume.name, volume);
  }

  /** Makes it, or answers the one that is there. @throws not-found for another driver, invalid-argument for options that no volume can have */
  create(request: VolumeRequest): Volume {
    const isAnonymous = request.name === undefined || request.name === '';
    const name = isAnonymous ? randomBytes(32).toString('hex') : checkName(request.name ?? '');
    const existing = this.byName.get(name);
    if (existing !== undefined) return existing;
    if ((request.driver ?? 'local') !== 'local' && request.driver !== '') {
      // Docker: the words of dockerd 28 when a plugin is missing.
      throw new NaruError('not-found', 'E_VOLUME_DRIVER', `plugin "${request.driver}" not found`);
    }
    checkVolumeOptions(name, request.options ?? {});
    const volume: Volume = {
      name,
      driver: 'local',
      mountpoint: join(this.parts.directory, name, '_data'),
      createdAt: new Date(),
      labels: request.labels ?? {},
      options: request.options ?? {},
      isAnonymous,
    };
    mkdirSync(volume.mountpoint, { recursive: true });
    this.parts.records.put(volume);
    this.byName.set(name, volume);
    this.parts.events.publish('volume', 'create', name, { driver: 'local' });
    return volume;
  }

  /** @throws not-found in Docker's words */
  get(name: string): Volume {
    const volume = this.byName.get(name);
    if (volume === undefined) {
      throw new NaruError('not-found', 'E_NO_SUCH_VOLUME', `get ${name}: no such volume`);
    }
    return volume;
  }

  find(name: string): Volume | undefined {
    return this.byName.get(name);
  }

  /** Sorted by name. Filters: `name`, `label`, `driver`, `dangling`. @throws invalid-argument for another key or value */
  list(filters: ReadonlyMap<string, readonly string[]> = new Map()): readonly Volume[] {
    booleanFilter(filters, 'dangling'); // a wrong value is refused also where there is no volume
    const all = [...this.byName.values()].filter((volume) => this.matches(volume, filters));
    return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws conflict while a container uses it, not-found (unless forced) */
  remove(name: string, force: boolean): void {
    if (force && !this.byName.has(name)) return;
    const volume = this.get(name);
    const users = [...(this.users.get(name) ?? [])];
    if (users.length > 0) {
      const message = `remove ${name}: volume is in use - [${users.join(', ')}]`;
      throw new NaruError('conflict', 'E_VOLUME_IN_USE', message);
    }
    unmountLocalVolume(volume);
    rmSync(join(this.parts.directory, volume.name), { recursive: true, force: true });
    this.parts.records.delete(name);
    this.byName.delete(name);
    this.parts.events.publish('volume', 'destroy', name, { driver: 'local' });
  }

  /** Makes its content reachable at the mountpoint, for a volume with driver options; others just are. Repeating is fine. */
  mount(name: string): void {
    mountLocalVolume(this.get(name));
  }

  /** Undoes `mount` when no other container that runs holds it. */
  unmount(name: string): void {
    const volume = this.byName.get(name);
    if (volume !== undefined) unmountLocalVolume(volume);
  }

  acquire(name: string, containerId: string): void {
    const users = this.users.get(name) ?? new Set();
    users.add(containerId);
    this.users.set(name, users);
  }

  release(name: string, containerId: string): void {
    this.users.get(name)?.delete(containerId);
  }

  /** Ids of the containers that use it. */
  usersOf(name: string): readonly string[] {
    return [...(this.users.get(name) ?? [])];
  }

  private matches(volume: Volume, filters: ReadonlyMap<string, readonly string[]>): boolean {
    return [...filters].every(([key, values]) => {
      if (values.length === 0) return true;
      const holds = (value: string): boolean => this.matchesFilter(volume, key, value);
      return key === 'label' ? values.every(holds) : values.some(holds);
    });
  }

  private matchesFilter(volume: Volume, key: string, value: string): boolean {
    switch (key) {
      case 'name':
        return volume.name.includes(value);
      case 'driver':
        return volume.driver === value;
      case 'label':
        return hasLabel(volume.labels, value);
      case 'dangling':
        return isTrue(value) === (this.usersOf(volume.name).length === 0);
      default:
        throw new NaruError('invalid-argument', 'E_FILTER', `invalid filter '${key}'`);
    }
  }
}

function isTrue(value: string): boolean {
  return value === 'true' || value === '1';
}

function checkName(name: string): string {
  if (name.length > MAX_NAME_LENGTH) {
    const message = `a volume name has at most ${MAX_NAME_LENGTH} characters, this one ${name.length}`;
    throw new NaruError('invalid-argument', 'E_VOLUME_NAME', message);
  }
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) {
    // Docker: the CLI and compose show this text as it is.
    const message = `create ${name}: "${name}" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`;
    throw new NaruError('invalid-argument', 'E_VOLUME_NAME', message);
  }
  return name;
}
