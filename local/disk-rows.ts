/**
 * Everything below a directory on disk from one look at each: names and rows of numbers, entries only for who asks.
 * Rows are in the order in which the file system lists names: sorting them is left to who asks for entries.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';

import type { FileEntry, ScanOptions } from '../core/context/file-tree.ts';
import { comparePaths, joinPath } from '../core/context/paths.ts';
import { NaruError } from '../core/errors.ts';
import {
  type EntryOwners,
  entryOf,
  isDirectoryMode,
  isSymlinkMode,
  linkTargetAt,
  namesIn,
} from './disk-entries.ts';
import { type DirectoryLook, lookByPath, lookInDirectory } from './disk-look.ts';
import { throwIfCancelled } from './disk-walk.ts';
import { StatRows } from './stat-rows.ts';

/** Entries between two turns of the event loop; some 5 ms. */
const CHUNK = 1000;

export interface DiskScanOptions extends ScanOptions {
  /** With the root; default: as many as there are. */
  readonly maxEntries?: number;
}

export interface DiskRowsOptions extends DiskScanOptions {
  readonly owners: EntryOwners;
}

export class DiskRows {
  readonly root: string;
  /** By row; a directory comes before its children, which lie side by side. */
  readonly paths: string[] = [];
  readonly stats = new StatRows();
  readonly #owners: EntryOwners;
  readonly #targets = new Map<number, string>();
  /** Of directories that were listed: the row of their first child and the one after the last. */
  readonly #children = new Map<number, readonly [number, number]>();
  readonly #maxEntries: number;
  #nextTurnAt = CHUNK;

  private constructor(root: string, owners: EntryOwners, maxEntries: number) {
    this.root = root;
    this.#owners = owners;
    this.#maxEntries = maxEntries;
  }

  /** What vanishes on the way is left out. @throws NaruError as `walkDisk`, and "invalid-argument" when there are more than `maxEntries` */
  static async take(root: string, options: DiskRowsOptions): Promise<DiskRows> {
    const { owners, descend, maxEntries = Infinity } = options;
    const taken = new DiskRows(root, owners, maxEntries);
    throwIfCancelled(options.signal);
    taken.#look(lookByPath(root, ''), '', ['']);
    // Grows while it is gone through: a listed directory adds those in it.
    const directories: number[] = [];
    taken.#addDirectories(directories, 0);
    for (const row of directories) {
      if (descend !== undefined && !descend(taken.entry(row))) continue;
      const first = taken.paths.length;
      await taken.#list(row, options);
      taken.#addDirectories(directories, first);
    }
    return taken;
  }

  entry(row: number): FileEntry {
    const { stats } = this;
    const numbers = { mode: stats.modeOf(row), uid: stats.uidOf(row), gid: stats.gidOf(row) };
    const { dev, ino, size, mtimeNs } = stats.stampOf(row);
    return entryOf(
      this.paths[row] ?? '',
      { ...numbers, nLinks: stats.nLinksOf(row), dev, ino, size, mtimeNs },
      this.#owners,
      this.#targets.get(row),
    );
  }

  /** Row numbers in the order of a walk: siblings by their bytes, each with what is below it. */
  walkOrder(): Uint32Array {
    const order = new Uint32Array(this.paths.length);
    const pending = this.paths.length === 0 ? [] : [0];
    for (let nth = 0; nth < order.length; nth += 1) {
      const row = pending.pop() ?? 0;
      order[nth] = row;
      for (const child of this.#sortedChildren(row).reverse()) pending.push(child);
    }
    return order;
  }

  #sortedChildren(directory: number): number[] {
    const [first, end] = this.#children.get(directory) ?? [0, 0];
    const rows = Array.from({ length: end - first }, (_, nth) => first + nth);
    return rows.sort((left, right) => comparePaths(this.paths[left] ?? '', this.paths[right] ?? ''));
  }

  async #list(directory: number, options: ScanOptions): Promise<void> {
    const path = this.paths[directory] ?? '';
    const first = this.paths.length;
    const names = namesIn(this.root, path);
    if (first + names.length > this.#maxEntries) throw tooMany(this.#maxEntries);
    const look = lookInDirectory(this.root, path, first + names.length);
    try {
      for (let at = 0; at < names.length; at += CHUNK) {
        this.#look(look, path, names.slice(at, at + CHUNK));
        await this.#giveWay(options);
      }
    } finally {
      look.close();
    }
    this.#children.set(directory, [first, this.paths.length]);
  }

  /** After a chunk of entries, wherever they lie. */
  async #giveWay({ signal, onProgress }: ScanOptions): Promise<void> {
    if (this.paths.length < this.#nextTurnAt) return;
    this.#nextTurnAt = this.paths.length + CHUNK;
    onProgress?.(this.paths.length);
    await nextTurn();
    throwIfCancelled(signal);
  }

  #look(look: DirectoryLook, directory: string, names: readonly string[]): void {
    for (const name of names) {
      const row = this.paths.length;
      this.stats.reserve(row);
      if (!look.at(name, this.stats, row)) continue;
      const path = joinPath(directory, name);
      if (isSymlinkMode(this.stats.modeOf(row))) {
        const target = linkTargetAt(this.root, path);
        if (target === undefined) continue;
        this.#targets.set(row, target);
      }
      this.paths.push(path);
    }
  }

  #addDirectories(directories: number[], first: number): void {
    for (let row = first; row < this.paths.length; row += 1)
      if (isDirectoryMode(this.stats.modeOf(row))) directories.push(row);
  }
}

function tooMany(maxEntries: number): NaruError {
  const message = `there are more than ${maxEntries} files`;
  return new NaruError('invalid-argument', 'E_TOO_MANY_FILES', message, {
    hint: 'leave files out of what is listed',
  });
}
