/**
 * Directories of `RUN --mount=type=cache` on the engine's disk, one per name: `<root>/<digest of the name>`.
 * They outlive builds and are no part of any image; who uses one holds it, and what nobody holds may be removed.
 * A row says when a directory was last used; a directory that is being removed is renamed first, so that kill -9 leaves the whole of it or nothing.
 */

import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';

import { digestOf } from '../../core/oci/digest.ts';
import { diskUsageBytes } from '../engine/system/disk-usage.ts';
import { makePrivateDirectory } from '../host/private-directory.ts';
import { type Leases, mountResource, TEMPORARY_OWNER } from '../store/leases.ts';
import type { Collection, MetadataStore } from '../store/metadata.ts';

export interface CacheMountRow {
  /** Names its directory. */
  readonly id: string;
  /** As the Dockerfile calls it; for people. */
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly nBuilds: number;
}

export interface CacheMountUsage extends CacheMountRow {
  readonly bytes: number;
  readonly isInUse: boolean;
}

export interface CacheMountsOptions {
  /** Made when missing. */
  readonly root: string;
  readonly metadata: MetadataStore;
  readonly leases: Leases;
  readonly now: () => Date;
}

export interface OpenCacheMount {
  readonly name: string;
  readonly sharing: 'shared' | 'private' | 'locked';
  /** Makes a new directory's contents, owner and mode. It appears when this is done, whenever the engine is killed. */
  readonly fill: (directory: string) => Promise<void>;
  readonly signal: AbortSignal;
}

export interface OpenedCacheMount {
  readonly directory: string;
  /** Safe to repeat. */
  release(): void;
}

/** Of directories that no row names: being filled, or being removed. */
const UNNAMED = /^(?:new|removed)-/;

/** One per engine. */
export class CacheMounts {
  readonly #options: CacheMountsOptions;
  readonly #rows: Collection<CacheMountRow>;
  /** Measured once after each use: walking a large one takes a while. */
  readonly #bytes = new Map<string, number>();
  readonly #waiting = new Set<() => void>();

  constructor(options: CacheMountsOptions) {
    this.#options = options;
    this.#rows = options.metadata.collection('cache.mount', (value) => value as CacheMountRow); // written below only
  }

  /** Ends removals that were under way; rows and directories agree afterwards. */
  async recover(): Promise<void> {
    const { root, now } = this.#options;
    makePrivateDirectory(root);
    const there = new Set<string>();
    for (const name of fs.readdirSync(root)) {
      if (UNNAMED.test(name)) await removeTree(join(root, name));
      else there.add(name);
    }
    for (const id of this.#rows.ids()) if (!there.has(id)) this.#rows.delete(id);
    for (const id of there) {
      if (this.#rows.get(id) !== undefined) continue;
      const at = now().toISOString();
      this.#rows.put(id, { id, name: '', createdAt: at, lastUsedAt: at, nBuilds: 0 });
    }
  }

  /**
   * The directory of a name, held until it is released.
   * Docker: `locked` waits until nobody has it, `private` takes another one instead of waiting.
   */
  async open({ name, sharing, fill, signal }: OpenCacheMount): Promise<OpenedCacheMount> {
    const { leases } = this.#options;
    const owner = `${TEMPORARY_OWNER}mount-${randomUUID()}`;
    const isTaken = (id: string): boolean => leases.isHeld(mountResource(id));
    let own = name;
    for (let n = 2; sharing === 'private' && isTaken(idOf(own)); n += 1) own = `${name} ${n}`;
    while (sharing === 'locked' && isTaken(idOf(own))) await this.#nextRelease(signal);
    const id = idOf(own);
    leases.hold(owner, mountResource(id));
    const release = (): void => {
      leases.release(owner);
      this.#bytes.delete(id);
      for (const wake of this.#waiting) wake();
    };
    try {
      const directory = join(this.#options.root, id);
      if (!fs.existsSync(directory)) await this.#make(directory, fill);
      this.#use(id, own);
      return { directory, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** What each takes. One that is in use is measured as it is now. */
  async usage(): Promise<readonly CacheMountUsage[]> {
    const { leases, root } = this.#options;
    const found: CacheMountUsage[] = [];
    for (const row of this.#rows.all()) {
      const isInUse = leases.isHeld(mountResource(row.id));
      const known = isInUse ? undefined : this.#bytes.get(row.id);
      const bytes = known ?? (await diskUsageBytes(join(root, row.id)));
      if (isInUse || leases.isHeld(mountResource(row.id))) this.#bytes.delete(row.id);
      else this.#bytes.set(row.id, bytes);
      found.push({ ...row, bytes, isInUse });
    }
    return found;
  }

  /** @returns whether it is gone: not when somebody holds it */
  async remove(id: string): Promise<boolean> {
    const { leases, root } = this.#options;
    // No await between the question and the renaming: nobody can take hold of it in between.
    if (leases.isHeld(mountResource(id)) || this.#rows.get(id) === undefined) return false;
    const removed = join(root, `removed-${randomUUID()}`);
    if (fs.existsSync(join(root, id))) fs.renameSync(join(root, id), removed);
    this.#rows.delete(id);
    this.#bytes.delete(id);
    await removeTree(removed);
    return true;
  }

  async #make(directory: string, fill: OpenCacheMount['fill']): Promise<void> {
    const made = join(this.#options.root, `new-${randomUUID()}`);
    try {
      fs.mkdirSync(made);
      await fill(made);
      // Another step may have made it meanwhile: both have that one then.
      if (!fs.existsSync(directory)) fs.renameSync(made, directory);
    } finally {
      await removeTree(made);
    }
  }

  #use(id: string, name: string): void {
    const at = this.#options.now().toISOString();
    const known = this.#rows.get(id);
    const nBuilds = (known?.nBuilds ?? 0) + 1;
    this.#rows.put(id, { id, name, createdAt: known?.createdAt ?? at, lastUsedAt: at, nBuilds });
  }

  #nextRelease(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#waiting.delete(settle);
        signal.removeEventListener('abort', settle);
        if (signal.aborted) reject(signal.reason);
        else resolve();
      };
      this.#waiting.add(settle);
      signal.addEventListener('abort', settle, { once: true });
      if (signal.aborted) settle();
    });
  }
}

function idOf(name: string): string {
  return digestOf(name).slice(7, 39);
}

async function removeTree(path: string): Promise<void> {
  await fs.promises.rm(path, { recursive: true, force: true });
}
