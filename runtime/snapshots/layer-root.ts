/**
 * The root of an active snapshot, written without mounting it: what is made lies in its upper directory, what is below is only read.
 * It leaves behind what overlayfs would have; how, is in layer-directory.ts.
 * For the engine's own writing alone: whoever runs programs on a snapshot mounts it. Nobody else writes to the upper directory meanwhile.
 */

import * as fs from 'node:fs';

import { NaruError } from '../../core/errors.ts';
import { LayerDirectory } from './layer-directory.ts';
import type { LayerInode, LayerInodes } from './layer-inodes.ts';
import { followPath, linkTarget, partsOf } from './merged-path.ts';
import * as overlay from './overlay-files.ts';
import type { RootFiles } from './root-files.ts';

/** A layer below: where it lies, and what is known of its inodes. */
export interface LowerLayer {
  readonly number: number;
  readonly directory: string;
  readonly inodes: LayerInodes | undefined;
}

/** Programs can tell a linked file from its own (decision 0050), and below this a copy costs at most 0.2 s of CPU. */
export const LINKS_FROM = 2000;

/** The snapshot that is written, and what it stands on. */
export interface LayerRootOptions {
  /** Of the snapshot. */
  readonly number: number;
  readonly upper: string;
  /** Topmost first. */
  readonly lowers: readonly LowerLayer[];
  readonly namespace: overlay.XattrNamespace;
  /** Files of other layers may be linked into this one by a copy of at least so many files; Infinity: never. */
  readonly linksFrom: number;
}

/** What was written, once nothing more will be. */
export interface WrittenLayer {
  readonly inodes: ReadonlyMap<number, LayerInode>;
  /** Sum of the sizes of the regular files. */
  readonly fileBytes: number;
}

/** One per active snapshot, until it is mounted or committed. */
export class LayerRoot implements RootFiles {
  readonly number: number;
  readonly linksFrom: number;
  readonly #upper: string;
  readonly #lowers: readonly LowerLayer[];
  readonly #merged: overlay.MergedDirectory;
  readonly #namespace: overlay.XattrNamespace;
  readonly #inodes = new Map<number, LayerInode>();
  /** Opened before, by their own path. */
  readonly #directories = new Map<string, LayerDirectory>();
  #fileBytes = 0;
  #isSealed = false;

  constructor({ number, upper, lowers, namespace, linksFrom }: LayerRootOptions) {
    this.number = number;
    this.linksFrom = linksFrom;
    this.#upper = upper;
    this.#lowers = lowers;
    this.#merged = { layers: [upper, ...lowers.map(({ directory }) => directory)] };
    this.#namespace = namespace;
  }

  /** @throws NaruError "internal" E_LAYER_SEALED after `seal`, otherwise as `RootFiles` says */
  openDirectory(path: string): LayerDirectory {
    if (this.#isSealed)
      throw new NaruError('internal', 'E_LAYER_SEALED', 'a layer is written after it was mounted or kept');
    const asked = `/${partsOf(path).join('/')}`;
    const known = this.#directories.get(asked);
    if (known !== undefined) return known;
    const opened = this.#openInParent(asked) ?? this.#openFromRoot(asked);
    // A directory stays where it is until it is cleared, a link on the way might be replaced.
    if (opened.realPath === asked) this.#directories.set(asked, opened);
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

function lost(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${JSON.stringify(path)}`), { code });
}
