/**
 * One directory of a root that is written without mounting it: what is made lies in the upper layer, what is below is only read.
 * As overlayfs does it, a directory is copied up with all its attributes before something is made in it, and a removed file leaves a whiteout.
 */

import * as fs from 'node:fs';

import { llistxattr, lgetxattr, lsetxattr, lutimens } from '../host/syscalls.ts';
import * as overlay from './overlay-files.ts';
import { kindAt, type NameKind, type OpenDirectory } from './root-files.ts';

/** What a directory tells the root it is of. */
export interface LayerDirectoryOptions {
  readonly namespace: overlay.XattrNamespace;
  /** A file of this layer goes. */
  readonly onClear: (stats: fs.Stats) => void;
  /** A directory goes, of whatever layer. */
  readonly onClearTree: () => void;
}

/** Made by LayerRoot, which says where it lies. */
export class LayerDirectory implements OpenDirectory {
  readonly isFresh: boolean;
  /** Its own path in the root, without links: `/` or `/a/b`. */
  readonly realPath: string;
  readonly #upper: string;
  /** From the root to itself. */
  readonly trail: readonly overlay.MergedChild[];
  readonly #options: LayerDirectoryOptions;
  readonly #lowers: overlay.MergedDirectory;
  readonly #inUpper: string | Buffer;
  /** There is a directory in the upper layer. */
  #isInUpper: boolean;
  #below: ReadonlyMap<string, NameKind> | undefined;

  constructor(
    upper: string,
    trail: readonly overlay.MergedChild[],
    { layers }: overlay.MergedDirectory,
    options: LayerDirectoryOptions,
  ) {
    this.#upper = upper;
    this.trail = trail;
    this.#options = options;
    this.realPath = `/${trail
      .slice(1)
      .map(({ name }) => name)
      .join('/')}`;
    this.#inUpper = trail
      .slice(1)
      .reduce<string | Buffer>((at, { name }) => overlay.joinPath(at, name), upper);
    this.#isInUpper = kindAt(this.#inUpper) === 'dir';
    this.#lowers = { layers: this.#isInUpper ? layers.slice(1) : layers };
    this.isFresh = this.#lowers.layers.length === 0;
  }

  /** Its layers as they are now. */
  merged(): overlay.MergedDirectory {
    const { layers } = this.#lowers;
    return { layers: this.#lookInUpper() ? [this.#inUpper, ...layers] : layers };
  }

  kindOf(name: string): NameKind | undefined {
    if (this.#lookInUpper()) {
      const stats = overlay.lstatIfPresent(overlay.joinPath(this.#inUpper, name));
      if (stats !== undefined && overlay.isWhiteout(stats)) return undefined;
      if (stats !== undefined) return stats.isDirectory() ? 'dir' : 'other';
    }
    return this.#kindsBelow().get(name);
  }

  pathFor(name: string): string | Buffer {
    return overlay.joinPath(this.ownPath(), name);
  }

  ownPath(): string | Buffer {
    if (!this.#isInUpper) copyUp(this.#upper, this.trail);
    this.#isInUpper = true;
    return this.#inUpper;
  }

  clear(name: string): void {
    const path = this.pathFor(name);
    const stats = overlay.lstatIfPresent(path);
    if (stats === undefined) return;
    fs.unlinkSync(path);
    this.#options.onClear(stats);
  }

  clearTree(name: string): void {
    removeTree(this.pathFor(name), this.#options.onClear);
    this.#options.onClearTree();
  }

  remove(name: string): void {
    this.clear(name);
    if (this.#kindsBelow().has(name)) overlay.makeWhiteout(this.pathFor(name));
  }

  close(): void {
    // No descriptor is held.
  }

  /** It may have been copied up with a directory in it. */
  #lookInUpper(): boolean {
    this.#isInUpper ||= kindAt(this.#inUpper) === 'dir';
    return this.#isInUpper;
  }

  /** The layers below never change: they are listed once for all names. */
  #kindsBelow(): ReadonlyMap<string, NameKind> {
    this.#below ??= new Map(
      overlay
        .mergedChildren(this.#lowers, this.#options.namespace)
        .map(({ name, stats }) => [name, stats.isDirectory() ? 'dir' : 'other']),
    );
    return this.#below;
  }
}

function removeTree(path: string | Buffer, onFile: (stats: fs.Stats) => void): void {
  const stats = overlay.lstatIfPresent(path);
  if (stats === undefined) return;
  if (stats.isDirectory()) {
    for (const name of overlay.listDirectory(path)) removeTree(overlay.joinPath(path, name), onFile);
    fs.rmdirSync(path);
  } else {
    fs.unlinkSync(path);
    onFile(stats);
  }
}

/** Makes the directories of a trail in the upper layer where they are only below. As the kernel does it, those above keep their times. */
function copyUp(upper: string, trail: readonly overlay.MergedChild[]): void {
  let at: string | Buffer = upper;
  for (const { name, path } of trail.slice(1)) {
    const parent = at;
    at = overlay.joinPath(parent, name);
    if (kindAt(at) === 'dir') continue;
    const { mtimeNs } = fs.lstatSync(parent, { bigint: true });
    fs.mkdirSync(at);
    copyAttributes(path, at);
    lutimens(parent, mtimeNs);
  }
}

/** Owner before mode: chown(2) may take bits away. */
function copyAttributes(from: string | Buffer, to: string | Buffer): void {
  const stats = fs.lstatSync(from, { bigint: true });
  fs.lchownSync(to, Number(stats.uid), Number(stats.gid));
  fs.chmodSync(to, Number(stats.mode & 0o7777n));
  for (const name of llistxattr(from)) {
    const value = overlay.isOverlayXattr(name) ? undefined : lgetxattr(from, name);
    if (value !== undefined) lsetxattr(to, name, value);
  }
  lutimens(to, stats.mtimeNs);
}
