/** Snapshots of one build: active ones that are written, views of results that are mounted to be read, and layers for itself; what it does not commit as a result goes when it ends. */

import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';

import type { FileTree } from '../../core/context/file-tree.ts';
import { memoryTree } from '../../core/context/memory-tree.ts';
import { NaruError } from '../../core/errors.ts';
import { openRoot, resolveInRoot } from '../host/resolve-in-root.ts';
import type { LayerRoot } from '../snapshots/layer-root.ts';
import { diskNotTaking } from '../snapshots/snapshot-errors.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import { RESULT_PREFIX } from './cache-store.ts';
import type { HostedTree } from './hosted-tree.ts';

/** A snapshot that is being made: written either through `layer` or, once that is done, through a mount of it. */
export interface ActiveRoot {
  readonly key: string;
  readonly layer: LayerRoot;
}

/** One per build. */
export class Workspace {
  readonly #snapshots: Snapshotter;
  readonly #hold: (snapshot: string) => void;
  readonly #views = new Map<string, Promise<string>>();
  readonly #keys = new Set<string>();
  readonly #meanwhile = new Set<Promise<unknown>>();
  /** Of `layerFor`: the others stand on them. */
  readonly #layers: string[] = [];

  /** `hold` keeps a committed snapshot for as long as the build runs. */
  constructor(snapshots: Snapshotter, hold: (snapshot: string) => void) {
    this.#snapshots = snapshots;
    this.#hold = hold;
  }

  /**
   * A writable root over a result; undefined: an empty one. `sources` are what will be read meanwhile.
   * @throws "unavailable" E_DISK_SYNC when the disk did not take one of them; `commit` does when it happens later
   */
  async prepare(
    parent: string | undefined,
    sources: readonly (string | undefined)[] = [],
  ): Promise<ActiveRoot> {
    const key = `active-${RESULT_PREFIX}${randomUUID()}`;
    await this.#snapshots.prepare(key, parent);
    this.#keys.add(key);
    for (const source of sources)
      if (source !== undefined && this.#snapshots.isLost(source)) throw diskNotTaking();
    return { key, layer: await this.#snapshots.layerRoot(key) };
  }

  /** Root directory of its mount, for programs to write to. */
  mount({ key }: ActiveRoot): Promise<string> {
    return this.#snapshots.mount(key, { isVolatile: true });
  }

  /** Keeps what was written; answers the result's name. */
  async commit(active: ActiveRoot): Promise<string> {
    const name = `${RESULT_PREFIX}${randomUUID()}`;
    this.#hold(name);
    await this.#snapshots.commit(active.key, name);
    this.#keys.delete(active.key);
    return name;
  }

  /** Committed with what `write` puts into it, over nothing, and gone when the build ends; answers its name. */
  async layerFor(write: (root: LayerRoot) => Promise<void>): Promise<string> {
    const active = await this.prepare(undefined);
    const name = `${RESULT_PREFIX}${randomUUID()}`;
    try {
      await write(active.layer);
      await this.#snapshots.commit(active.key, name, { isTemporary: true });
    } catch (error) {
      await this.discard(active);
      throw error;
    }
    this.#keys.delete(active.key);
    this.#layers.push(name);
    return name;
  }

  async discard(active: ActiveRoot): Promise<void> {
    this.#keys.delete(active.key);
    await this.#snapshots.remove(active.key);
  }

  /** Root directory of a read-only mount of a result. */
  view(result: string): Promise<string> {
    const known = this.#views.get(result);
    if (known !== undefined) return known;
    const mounted = this.#mountView(result);
    this.#views.set(result, mounted);
    return mounted;
  }

  /** The files of a result; undefined: of the empty filesystem. */
  async tree(result: string | undefined): Promise<FileTree> {
    if (result === undefined) return memoryTree({ '/': {} });
    const tree = await this.#snapshots.tree(result);
    // Files of layers lie on the file system that steps write to, so that the kernel can copy them; those of an overlay mount do not.
    const hosted: HostedTree = {
      stat: (path) => tree.stat(path),
      walk: (path, options) => tree.walk(path, options),
      digests: (paths, signal) => tree.digests(paths, signal),
      read: (path, maxBytes) => tree.read(path, maxBytes),
      hostPath: (path) => (tree.layerFile(path) ?? missing(path)).path,
      donor: (path) => {
        const file = tree.layerFile(path);
        return file === undefined ? undefined : { kind: 'layer', ...file };
      },
    };
    return hosted;
  }

  /** Work that no step waits for, but the build does; that it fails is of no account. */
  meanwhile(work: Promise<unknown>): void {
    const settled = work.catch(() => undefined).finally(() => this.#meanwhile.delete(settled));
    this.#meanwhile.add(settled);
  }

  async close(): Promise<void> {
    await Promise.all(this.#meanwhile);
    for (const key of this.#keys) await this.#snapshots.remove(key).catch(() => undefined); // recover removes what is left
    this.#keys.clear();
    for (const name of this.#layers.splice(0)) await this.#snapshots.remove(name).catch(() => undefined); // as above
  }

  async #mountView(result: string): Promise<string> {
    const key = `view-${RESULT_PREFIX}${randomUUID()}`;
    await this.#snapshots.view(key, result);
    this.#keys.add(key);
    return this.#snapshots.mount(key);
  }
}

function missing(path: string): never {
  throw new NaruError('not-found', 'E_FILE_VANISHED', `${JSON.stringify(`/${path}`)}: not found`);
}

/** Host path of a path inside a mounted root, links followed inside it. @throws the system call's error when it is not there */
export function hostPathInRoot(root: string, path: string): string {
  const opened = openRoot(root);
  try {
    const found = resolveInRoot(opened, path, 'in-root');
    try {
      return readlinkSync(found.path);
    } finally {
      found.close();
    }
  } finally {
    opened.close();
  }
}
