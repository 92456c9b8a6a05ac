/**
 * Filesystem states on disk, in containerd's words: *active* (writable, has a key), *committed* (immutable, has a name), *view* (read-only).
 * A committed snapshot is the upper directory of the step that made it; its parents are the layers below.
 * The overlay implementation is `overlay.ts`; what a second one must do is `test/system/snapshotter-suite.ts`.
 */

import type { Readable } from 'node:stream';

import type { Digest } from '../../core/oci/digest.ts';
import type { LayerRoot } from './layer-root.ts';
import type { LayeredTree } from './merged-tree.ts';

export type SnapshotState = 'active' | 'committed' | 'view';

export interface SnapshotInfo {
  readonly name: string;
  readonly parent: string | undefined;
  readonly state: SnapshotState;
  readonly createdAt: Date;
}

export interface LayerInfo {
  /** Digest of the uncompressed layer tar as `exportLayer` gives it. */
  readonly diffId: Digest;
  /** Sum of the sizes of the regular files in the layer. */
  readonly sizeBytes: number;
  /** Bytes of the tar itself. */
  readonly tarBytes: number;
}

export interface MountOptions {
  /** What programs write reaches the disk only once the snapshot is committed, also when they sync it: for what is thrown away after a crash of the machine. */
  readonly isVolatile: boolean;
}

export interface CommitOptions {
  /** It need not survive a crash of the machine. */
  readonly isTemporary: boolean;
}

export interface LayerDirectories {
  readonly upper: string;
  readonly lowers: readonly string[];
}

export interface Snapshotter {
  /** New writable snapshot over `parent` (a committed name; undefined: empty). @throws conflict when the key exists, not-found when the parent does not */
  prepare(key: string, parent: string | undefined): Promise<void>;
  /** The root of an active snapshot, to be written by the engine while it is not mounted. */
  layerRoot(key: string): Promise<LayerRoot>;
  /** Mounts an active or view snapshot and answers its root directory on the host; a second call answers the same. */
  mount(key: string, options?: MountOptions): Promise<string>;
  unmount(key: string): Promise<void>;
  /** Read-only snapshot over a committed one. */
  view(key: string, parent: string): Promise<void>;
  /** Unmounts an active snapshot and gives its own files that are newer that modification time, in nanoseconds since the epoch. What was linked into it keeps its time. */
  clampTimes(key: string, latestNs: bigint): Promise<void>;
  /**
   * Makes an active snapshot immutable under `name`; it is unmounted first. Survives kill -9: either both or none happened.
   * Its files are brought to disk soon; `layerInfo` answers when they are there.
   */
  commit(key: string, name: string, options?: CommitOptions): Promise<void>;
  /** @throws conflict while another snapshot is built on it */
  remove(name: string): Promise<void>;
  stat(name: string): Promise<SnapshotInfo | undefined>;
  list(): Promise<readonly SnapshotInfo[]>;
  /** Extracts an uncompressed layer tar over `parent` and commits it as `name`. Hostile entries (path escape, symlink parent) are refused: invalid-argument. */
  applyLayer(
    name: string,
    parent: string | undefined,
    tar: Readable,
    signal?: AbortSignal,
  ): Promise<LayerInfo>;
  /**
   * The uncompressed layer tar of a committed snapshot, the same bytes each time: exactly those it was applied from, or else the canonical tar, which is the same on every engine.
   * Fails with "internal" E_LAYER_CHANGED when files were changed on disk.
   */
  exportLayer(name: string): Readable;
  /** The layer tar of an active snapshot as it is now; whoever writes to it meanwhile is the caller's matter. */
  exportActive(key: string): Readable;
  /** Where an active snapshot's own files lie, and those it stands on, topmost first; whiteouts as the file system keeps them. */
  layerDirectories(key: string): Promise<LayerDirectories>;
  /** Hashes `exportLayer(name)` in a worker; the answer is kept. The snapshot is on disk then. */
  layerInfo(name: string): Promise<LayerInfo>;
  /** It, or one below it, could not be brought to disk: nothing new may stand on it, and `layerInfo` of the one that failed goes on failing. */
  isLost(name: string): boolean;
  /** Begins what `layerInfo` will wait for; when it reaches the disk is of no hurry. What fails, or cannot be hashed, is told there. */
  hashAhead(name: string): void;
  /** Bytes of the upper directory alone. */
  usageBytes(name: string): Promise<number>;
  /** Merged view of a committed snapshot, without mounting, whiteouts applied. */
  tree(name: string): Promise<LayeredTree>;
}
