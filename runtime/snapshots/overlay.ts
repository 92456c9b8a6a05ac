/**
 * The snapshotter over overlayfs. `<root>/<number>/fs` is a snapshot's upper directory, beside it `work`, `merged` (the mount point), `inodes`, `recipe` and `spill`.
 * A row in the metadata store says what a number is; a directory without a row is what a killed process left, and `recover` removes it.
 * Every change is one transaction, made when the directory is complete, so that kill -9 leaves the old state or the new one.
 */

import * as fs from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { NaruError } from '../../core/errors.ts';
import { HashPool } from '../../local/hash-pool.ts';
import { makePrivateDirectory } from '../host/private-directory.ts';
import { canReflinkIn } from '../host/reflink-probe.ts';
import type { Collection, MetadataStore } from '../store/metadata.ts';
import { adoptDirectory } from './adopt-directory.ts';
import { type LayerPlace, layerOf } from './layer-jobs.ts';
import { KnownTrees } from './known-trees.ts';
import { LayerInodes } from './layer-inodes.ts';
import { recipeIn } from './layer-recipe.ts';
import { LINKS_FROM, LayerRoot, type LowerLayer } from './layer-root.ts';
import { LayerThreads } from './layer-threads.ts';
import { Leftovers } from './leftovers.ts';
import { type LayeredTree, mergedTree } from './merged-tree.ts';
import type { XattrNamespace } from './overlay-files.ts';
import { failedStream, notFound, stateConflict } from './snapshot-errors.ts';
import { SnapshotChains } from './snapshot-chains.ts';
import { makeSnapshotDirectory, removeTree } from './snapshot-directory.ts';
import { decodeSnapshotRow, infoOf, type SnapshotRow } from './snapshot-row.ts';
import { SnapshotMounts } from './snapshot-mounts.ts';
import type {
  CommitOptions,
  LayerDirectories,
  LayerInfo,
  MountOptions,
  SnapshotInfo,
  Snapshotter,
  SnapshotState,
} from './snapshotter.ts';
import { inodesIn, UnmountedLayers } from './unmounted-layers.ts';
import { UnsyncedSnapshots } from './unsynced-snapshots.ts';

export interface OverlayOptions {
  /** A directory on a file system that can be an overlay's upper (ext4, xfs, btrfs, tmpfs …); made when missing. */
  readonly root: string;
  readonly metadata: MetadataStore;
  /** The engine runs in a user namespace. */
  readonly isRootless: boolean;
  /** A copy of at least so many files links them where it may; default LINKS_FROM. */
  readonly linksFrom?: number;
}

const TIDY_DELAY_MS = 1000;

export class OverlaySnapshotter implements Snapshotter {
  private readonly root: string;
  private readonly metadata: MetadataStore;
  private readonly rows: Collection<SnapshotRow>;
  private readonly namespace: XattrNamespace;
  private readonly threads = new LayerThreads();
  private readonly hashPool = new HashPool();
  private readonly trees = new KnownTrees();
  private readonly linksFrom: number;
  private reflinks: boolean | undefined;
  private readonly mounts: SnapshotMounts;
  private readonly unmounted = new UnmountedLayers();
  private readonly unsynced: UnsyncedSnapshots;
  private readonly leftovers = new Leftovers((paths) => this.threads.remove(paths), TIDY_DELAY_MS);
  private readonly chains = new SnapshotChains((name) => this.requireCommitted(name));
  private readonly hashing = new Map<string, Promise<LayerInfo>>();

  constructor(options: OverlayOptions) {
    makePrivateDirectory(options.root);
    this.root = fs.realpathSync(options.root);
    this.metadata = options.metadata;
    this.linksFrom = options.linksFrom ?? LINKS_FROM;
    this.unsynced = new UnsyncedSnapshots({
      metadata: options.metadata,
      sync: () => this.threads.sync(this.root),
      directoryOf: (name) => join(this.root, String(this.require(name).number)),
    });
    this.rows = options.metadata.collection('snapshot', decodeSnapshotRow);
    this.mounts = new SnapshotMounts(this.root, options.isRootless);
    this.namespace = options.isRootless ? 'user' : 'trusted';
  }

  /**
   * Takes over what an earlier process left; to be awaited before anything else.
   * Active and view snapshots that `isKept` disowns are removed, and what a crash of the machine may have torn;
   * mounts of the others stay, containers may be running on them.
   */
  async recover(isKept: (key: string) => boolean): Promise<void> {
    const lost = this.unsynced.lost(this.rows.all());
    this.metadata.transaction(() => {
      for (const { name, state } of this.rows.all()) {
        if (lost.has(name) || (state !== 'committed' && !isKept(name))) this.rows.delete(name);
      }
    });
    this.unsynced.resume((name) => this.rows.get(name) !== undefined);
    for (const { number, state } of this.rows.all())
      if (state === 'committed' && fs.existsSync(this.path(number, 'work'))) this.tidy(number);
    const known = new Set(this.rows.all().map((row) => row.number));
    this.mounts.recover(known);
    for (const name of await fs.promises.readdir(this.root)) {
      if (!known.has(Number(name))) await removeTree(join(this.root, name));
    }
  }

  /** Does what was put off, then ends the worker threads; mounts stay. */
  async close(): Promise<void> {
    await Promise.all([this.unsynced.close(), this.leftovers.close()]);
    await Promise.all([this.threads.close(), this.hashPool.dispose()]);
  }

  async prepare(key: string, parent: string | undefined): Promise<void> {
    await this.add(key, parent, 'active');
  }

  async view(key: string, parent: string): Promise<void> {
    await this.add(key, parent, 'view');
  }

  async layerRoot(key: string): Promise<LayerRoot> {
    const row = this.require(key);
    if (row.state !== 'active') throw stateConflict(key, `is ${row.state}, not active`);
    const make = (): LayerRoot =>
      new LayerRoot({
        number: row.number,
        upper: this.path(row.number, 'fs'),
        lowers: this.layers(row.parent),
        namespace: this.namespace,
        linksFrom: this.canReflink() ? Infinity : this.linksFrom,
      });
    return this.unmounted.open(row.number, make);
  }

  async mount(key: string, { isVolatile }: MountOptions = { isVolatile: false }): Promise<string> {
    const row = this.require(key);
    if (row.state === 'committed') throw stateConflict(key, 'is committed and cannot be mounted');
    this.unmounted.giveUp(row.number);
    const below = this.chains.of(row.parent).map(({ number }) => number);
    // Nothing is below: the upper directory is the whole file system.
    if (below.length === 0) return this.path(row.number, 'fs');
    return this.mounts.mount({ number: row.number, below, isWritable: row.state === 'active', isVolatile });
  }

  async unmount(key: string): Promise<void> {
    await this.mounts.unmount(this.require(key).number);
  }

  async clampTimes(key: string, latestNs: bigint): Promise<void> {
    const row = this.require(key);
    if (row.state !== 'active') throw stateConflict(key, `is ${row.state}, not active`);
    await this.mounts.unmount(row.number);
    const place = this.placeOf(this.path(row.number, 'fs'), undefined);
    await this.threads.clampTimes(place, { latestNs, mayHoldOthers: this.unmounted.has(row.number) });
  }

  async commit(
    key: string,
    name: string,
    { isTemporary }: CommitOptions = { isTemporary: false },
  ): Promise<void> {
    const row = this.require(key);
    if (row.state !== 'active') throw stateConflict(key, `is ${row.state}, not active`);
    await this.mounts.unmount(row.number);
    this.unsynced.requireWhole(key);
    const known = this.unmounted.keep(row.number, join(this.root, String(row.number)));
    this.metadata.transaction(() => {
      this.insert({ ...row, ...known, name, state: 'committed', createdAt: new Date().toISOString() });
      this.rows.delete(key);
      if (!isTemporary) this.unsynced.add(name);
    });
    this.unsynced.written(key);
    if (!isTemporary) this.unsynced.begin(name);
    this.tidy(row.number);
  }

  async remove(name: string): Promise<void> {
    const row = this.require(name);
    const directory = join(this.root, String(row.number));
    // First, because on a full disk the row cannot go: then `recover` removes it, and no mount is left until then.
    await this.mounts.unmount(row.number);
    this.unmounted.forget(row.number);
    this.unsynced.forget(name);
    try {
      this.forget(name);
    } catch (error) {
      // What was being written and is thrown away makes the space that its own row needs to go.
      if (row.state === 'committed' || !(error instanceof NaruError) || error.code !== 'E_DISK_FULL')
        throw error;
      await removeTree(directory);
      this.forget(name);
    }
    await removeTree(directory);
  }

  async stat(name: string): Promise<SnapshotInfo | undefined> {
    const row = this.rows.get(name);
    return row === undefined ? undefined : infoOf(row);
  }

  async list(): Promise<readonly SnapshotInfo[]> {
    return this.rows.all().map(infoOf);
  }

  async applyLayer(
    name: string,
    parent: string | undefined,
    tar: Readable,
    signal?: AbortSignal,
  ): Promise<LayerInfo> {
    this.refuseTaken(name);
    this.unsynced.writing(name);
    const directory = this.makeDirectory(parent);
    try {
      const place = { ...this.placeOf(join(directory, 'fs'), parent), recipe: recipeIn(directory) };
      const layer = layerOf(await this.threads.apply(place, tar, signal));
      this.unsynced.requireWhole(name);
      this.metadata.transaction(() => {
        this.unsynced.add(name);
        this.adopt(directory, { name, parent, state: 'committed', layer, hasRecipe: true });
      });
      this.unsynced.written(name);
      this.unsynced.begin(name);
      return layer;
    } catch (error) {
      await removeTree(directory);
      throw error;
    }
  }

  exportLayer(name: string): Readable {
    const row = this.rows.get(name);
    if (row !== undefined && row.state === 'committed') return this.threads.export(this.layerPlace(row));
    return failedStream(row === undefined ? notFound(name) : stateConflict(name, 'is not committed'));
  }

  exportActive(key: string): Readable {
    const row = this.rows.get(key);
    if (row === undefined) return failedStream(notFound(key));
    return this.threads.export(this.placeOf(this.path(row.number, 'fs'), row.parent));
  }

  async layerDirectories(key: string): Promise<LayerDirectories> {
    const row = this.require(key);
    return { upper: this.path(row.number, 'fs'), lowers: this.directories(row.parent) };
  }

  async layerInfo(name: string): Promise<LayerInfo> {
    const row = this.require(name);
    if (row.state !== 'committed') throw stateConflict(name, 'is not committed');
    this.unsynced.hurry(name);
    const layer = row.layer ?? (await this.hashOnce(row));
    await this.unsynced.finished(name);
    return layer;
  }

  isLost(name: string): boolean {
    for (let at: string | undefined = name; at !== undefined; at = this.rows.get(at)?.parent)
      if (this.unsynced.isLost(at)) return true;
    return false;
  }

  hashAhead(name: string): void {
    const row = this.rows.get(name);
    if (row?.state !== 'committed' || row.layer !== undefined) return;
    this.hashOnce(row).catch(() => undefined); // `layerInfo` tries again and tells
  }

  async usageBytes(name: string): Promise<number> {
    const row = this.require(name);
    const known = row.layer?.sizeBytes ?? row.fileBytes;
    if (known !== undefined) return known;
    return await this.threads.sizeOfFiles(this.placeOf(this.path(row.number, 'fs'), undefined));
  }

  async tree(name: string): Promise<LayeredTree> {
    const row = this.require(name);
    if (row.state !== 'committed') throw stateConflict(name, 'is not committed');
    const { namespace, hashPool } = this;
    return this.trees.get(row.number, () => mergedTree(this.layers(name), { namespace, hashPool }));
  }

  /** A committed snapshot is not mounted any more. */
  private tidy(number: number): void {
    this.leftovers.add(this.path(number, 'work'), this.path(number, 'merged'));
  }

  /** Where the file system shares data between files, copies are as cheap as links and nobody sees a link count. */
  private canReflink(): boolean {
    this.reflinks ??= canReflinkIn(this.root);
    return this.reflinks;
  }

  private hashOnce(row: SnapshotRow): Promise<LayerInfo> {
    const known = this.hashing.get(row.name);
    if (known !== undefined) return known;
    const running = this.hash(row).finally(() => this.hashing.delete(row.name));
    this.hashing.set(row.name, running);
    return running;
  }

  private async hash(row: SnapshotRow): Promise<LayerInfo> {
    const layer = layerOf(await this.threads.hash(this.layerPlace(row)));
    this.metadata.transaction(() => {
      const current = this.rows.get(row.name);
      if (current?.number === row.number) this.rows.put(row.name, { ...current, layer });
    });
    return layer;
  }

  private async add(key: string, parent: string | undefined, state: SnapshotState): Promise<void> {
    this.refuseTaken(key);
    if (state === 'active') this.unsynced.writing(key);
    const directory = this.makeDirectory(parent);
    try {
      this.adopt(directory, { name: key, parent, state, hasRecipe: false });
    } catch (error) {
      await removeTree(directory);
      throw error;
    }
  }

  /** @throws conflict while another snapshot is built on it */
  private forget(name: string): void {
    this.chains.forget(name);
    this.metadata.transaction(() => {
      const [child] = this.rows.where('parent', name);
      if (child !== undefined) throw stateConflict(name, `is the parent of ${child.name}`);
      this.rows.delete(name);
    });
  }

  private makeDirectory(parent: string | undefined): string {
    return makeSnapshotDirectory(this.root, this.directories(parent)[0]);
  }

  /** Gives a complete directory its number and row. */
  private adopt(directory: string, row: Omit<SnapshotRow, 'number' | 'createdAt'>): void {
    adoptDirectory(this.metadata, directory, () => {
      const number = this.metadata.nextNumber('snapshot');
      if (row.parent !== undefined) this.requireCommitted(row.parent);
      this.insert({ ...row, number, createdAt: new Date().toISOString() });
      return join(this.root, String(number));
    });
  }

  private insert(row: SnapshotRow): void {
    this.refuseTaken(row.name);
    this.rows.put(row.name, row);
  }

  private refuseTaken(name: string): void {
    if (this.rows.get(name) === undefined) return;
    throw new NaruError('conflict', 'E_SNAPSHOT_EXISTS', `snapshot ${JSON.stringify(name)} already exists`);
  }

  private require(name: string): SnapshotRow {
    const row = this.rows.get(name);
    if (row === undefined) throw notFound(name);
    return row;
  }

  private requireCommitted(name: string): SnapshotRow {
    const row = this.require(name);
    if (row.state !== 'committed') throw stateConflict(name, 'is not committed and cannot be a parent');
    return row;
  }

  private directories(name: string | undefined): readonly string[] {
    return this.chains.of(name).map(({ number }) => this.path(number, 'fs'));
  }

  private layers(name: string | undefined): readonly LowerLayer[] {
    return this.chains.of(name).map(({ number, hasInodes }) => ({
      number,
      directory: this.path(number, 'fs'),
      inodes: hasInodes === true ? new LayerInodes(inodesIn(join(this.root, String(number)))) : undefined,
    }));
  }

  private placeOf(root: string, parent: string | undefined): LayerPlace {
    return { root, lowers: this.directories(parent), namespace: this.namespace };
  }

  private layerPlace(row: SnapshotRow): LayerPlace {
    const place = this.placeOf(this.path(row.number, 'fs'), row.parent);
    const expected = row.layer === undefined ? {} : { expected: row.layer.diffId };
    const recipe = row.hasRecipe ? { recipe: recipeIn(join(this.root, String(row.number))) } : {};
    const inodes = row.hasInodes === true ? { inodes: inodesIn(join(this.root, String(row.number))) } : {};
    return { ...place, ...expected, ...recipe, ...inodes };
  }

  private path(number: number, name: 'fs' | 'work' | 'merged'): string {
    return join(this.root, String(number), name);
  }
}
