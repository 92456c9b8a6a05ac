/**
 * The root of an active snapshot, written without mounting it: what is made lies in its upper directory, what is below is only read.
 * It leaves behind what overlayfs would have: directories are copied up with everything they have, a removed file leaves a whiteout.
 * For the engine's own writing alone: whoever runs programs on a snapshot mounts it. Nobody else writes to the upper directory meanwhile.
 */

import * as fs from 'node:fs';

import { NaruError } from '../../core/errors.ts';
import { llistxattr, lgetxattr, lsetxattr, lutimens } from '../host/syscalls.ts';
import type { LayerInode, LayerInodes } from './layer-inodes.ts';
import { followPath, linkTarget, partsOf } from './merged-path.ts';
import * as overlay from './overlay-files.ts';
import { kindAt, type NameKind, type OpenDirectory, type RootFiles } from './root-files.ts';

/** A layer below: where it lies, and what is known of its inodes. */
export interface LowerLayer {
  readonly number: number;
  readonly directory: string;
  readonly inodes: LayerInodes | undefined;
}

export interface LayerRootOptions {
  /** Of the snapshot. */
  readonly number: number;
  readonly upper: string;
  /** Topmost first. */
  readonly lowers: readonly LowerLayer[];
  readonly namespace: overlay.XattrNamespace;
  /** Files of other layers may be linked into this one. */
  readonly mayLink: boolean;
}

/** What was written, once nothing more will be. */
export interface WrittenLayer {
  readonly inodes: ReadonlyMap<number, LayerInode>;
  /** Sum of the sizes of the regular files. */
  readonly fileBytes: number;
}

export class LayerRoot implements RootFiles {
  readonly number: number;
  readonly mayLink: boolean;
  readonly #upper: string;
  readonly #lowers: readonly LowerLayer[];
  readonly #merged: overlay.MergedDirectory;
  readonly #namespace: overlay.XattrNamespace;
  readonly #inodes = new Map<number, LayerInode>();
  /** Opened before, by their own path. */
  readonly #directories = new Map<string, LayerDirectory>();
  #fileBytes = 0;
  #isSealed = false;

  constructor({ number, upper, lowers, namespace, mayLink }: LayerRootOptions) {
    this.number = number;
    this.mayLink = mayLink;
    this.#upper = upper;
    this.#lowers = lowers;
    this.#merged = { layers: [upper, ...lowers.map(({ directory }) => directory)] };
    this.#namespace = namespace;
  }

  openDirectory(path: string): LayerDirectory {
    if (this.#isSealed)
      throw new NaruError('internal', 'E_LAYER_SEALED', 'a layer is written after it was mounted or kept');
    const asked = `/${partsOf(path).join('/')}`;
    const known = this.#directories.get(asked);
    if (known !== undefined) return known;
    const opened = this.#openInParent(asked) ?? this.#openFromRoot(asked);
    // A directory stays where it is until it is cleared, a link on the way might be replaced.
    if (opened.truePath === asked) this.#directories.set(asked, opened);
    return opened;
  }

  /** Undefined when the directory above was not opened before. */
  #openInParent(path: string): LayerDirectory | undefined {
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    const isName = name !== '' && name !== '..';
    const parent = isName ? this.#directories.get(path.slice(0, slash) || '/') : undefined;
    const child = parent && overlay.mergedChild(parent.merged(), name, this.#namespace);
    if (parent === undefined || child?.directory === undefined) return undefined;
    return this.#opened([...parent.trail, child], child.directory);
  }

  #openFromRoot(path: string): LayerDirectory {
    const trail = this.#follow(path, true);
    const directory = trail.at(-1)?.directory;
    if (directory === undefined) throw lost('ENOTDIR', path);
    return this.#opened(trail, directory);
  }

  #opened(trail: readonly overlay.MergedChild[], directory: overlay.MergedDirectory): LayerDirectory {
    const namespace = this.#namespace;
    return new LayerDirectory(this.#upper, trail, directory, {
      namespace,
      onClear: (stats) => this.#forget(stats),
      onClearTree: () => this.#directories.clear(),
    });
  }

  /**
   * Whether this layer or one below holds the inode, visibly or not: linked once more it would be a hard link in the image.
   * `origin` is the snapshot that made it.
   */
  holds(inode: number, origin: number): boolean {
    if (this.#inodes.has(inode)) return true;
    return this.#lowers.some(({ number, inodes }) => number === origin || inodes?.mayHold(inode) === true);
  }

  /** A regular file was made. What is known of its inode, when there is something. */
  addFile(sizeBytes: number, inode?: number, known?: LayerInode): void {
    this.#fileBytes += sizeBytes;
    if (inode !== undefined && known !== undefined) this.#inodes.set(inode, known);
  }

  /** From now on it is not written any more. */
  seal(): WrittenLayer {
    this.#isSealed = true;
    return { inodes: this.#inodes, fileBytes: this.#fileBytes };
  }

  #forget(stats: fs.Stats): void {
    this.#inodes.delete(stats.ino);
    if (stats.isFile()) this.#fileBytes -= stats.size;
  }

  readLink(path: string): string | undefined {
    const found = this.#find(path, false);
    return found?.stats.isSymbolicLink() === true ? linkTarget(found.path) : undefined;
  }

  readText(path: string): string {
    const found = this.#find(path, true);
    return found?.stats.isFile() === true ? fs.readFileSync(found.path, 'utf8') : '';
  }

  #find(path: string, followsLast: boolean): overlay.MergedChild | undefined {
    const followed = followPath(this.#merged, path, { namespace: this.#namespace, followsLast });
    return followed.kind === 'found' ? followed.trail.at(-1) : undefined;
  }

  #follow(path: string, followsLast: boolean): readonly overlay.MergedChild[] {
    const followed = followPath(this.#merged, path, { namespace: this.#namespace, followsLast });
    if (followed.kind === 'lost') throw lost(followed.code, path);
    return followed.trail;
  }
}

interface LayerDirectoryOptions {
  readonly namespace: overlay.XattrNamespace;
  /** A file of this layer goes. */
  readonly onClear: (stats: fs.Stats) => void;
  /** A directory goes, of whatever layer. */
  readonly onClearTree: () => void;
}

export class LayerDirectory implements OpenDirectory {
  readonly isFresh: boolean;
  /** Its own path in the root, without links: `/` or `/a/b`. */
  readonly truePath: string;
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
    this.truePath = `/${trail
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
    copyLooks(path, at);
    lutimens(parent, mtimeNs);
  }
}

/** Owner before mode: chown(2) may take bits away. */
function copyLooks(from: string | Buffer, to: string | Buffer): void {
  const stats = fs.lstatSync(from, { bigint: true });
  fs.lchownSync(to, Number(stats.uid), Number(stats.gid));
  fs.chmodSync(to, Number(stats.mode & 0o7777n));
  for (const name of llistxattr(from)) {
    const value = overlay.isOverlayXattr(name) ? undefined : lgetxattr(from, name);
    if (value !== undefined) lsetxattr(to, name, value);
  }
  lutimens(to, stats.mtimeNs);
}

function lost(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${JSON.stringify(path)}`), { code });
}
