/** Snapshots a build has mounted for a while: views of results that are read, and active ones that are written; all are released when it ends. */

import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';

import type { FileTree } from '../../core/context/file-tree.ts';
import { memoryTree } from '../../core/context/memory-tree.ts';
import { NaruError } from '../../core/errors.ts';
import { openRoot, resolveInRoot } from '../host/resolve-in-root.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import { RESULT_PREFIX } from './cache-store.ts';
import type { HostedTree } from './hosted-tree.ts';

export interface ActiveRoot {
  readonly key: string;
  /** Mounted root directory. */
  readonly path: string;
}

/** One per build. */
export class Workspace {
  readonly #snapshots: Snapshotter;
  readonly #hold: (snapshot: string) => void;
  readonly #views = new Map<string, Promise<string>>();
  readonly #keys = new Set<string>();

  /** `hold` keeps a committed snapshot for as long as the build runs. */
  constructor(snapshots: Snapshotter, hold: (snapshot: string) => void) {
    this.#snapshots = snapshots;
    this.#hold = hold;
  }

  /** A writable root over a result; undefined: an empty one. */
  async prepare(parent: string | undefined): Promise<ActiveRoot> {
    const key = `active-${RESULT_PREFIX}${randomUUID()}`;
    await this.#snapshots.prepare(key, parent);
    this.#keys.add(key);
    return { key, path: await this.#snapshots.mount(key) };
  }

  /** Keeps what was written; answers the result's name. */
  async commit(active: ActiveRoot): Promise<string> {
    const name = `${RESULT_PREFIX}${randomUUID()}`;
    this.#hold(name);
    await this.#snapshots.commit(active.key, name);
    this.#keys.delete(active.key);
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
      hostPath: (path) => tree.filePath(path) ?? missing(path),
    };
    return hosted;
  }

  async close(): Promise<void> {
    for (const key of this.#keys) await this.#snapshots.remove(key).catch(() => undefined); // recover removes what is left
    this.#keys.clear();
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
