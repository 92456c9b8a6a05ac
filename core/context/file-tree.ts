/**
 * A tree of files as builder, preview and linter see it: a build context, a stage's root or a snapshot.
 * The interface only; `local/` has the one on disk, tests have one in memory, `runtime/` has one over snapshots.
 * Paths are slash-separated, relative to the tree's root, without leading or trailing slash; the root itself is ''.
 */

import type { Digest } from '../oci/digest.ts';

export type FileKind = 'file' | 'dir' | 'symlink' | 'fifo' | 'socket' | 'char-device' | 'block-device';

export interface FileEntry {
  readonly path: string;
  readonly kind: FileKind;
  /** Permission bits with setuid, setgid and sticky: `mode & 0o7777`. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of the content; 0 for anything but files. */
  readonly sizeBytes: number;
  /** Nanoseconds since the epoch. */
  readonly mtimeNs: bigint;
  /** Symlinks only, as stored. */
  readonly linkTarget?: string;
  /** Devices only. */
  readonly device?: { readonly major: number; readonly minor: number };
  /** Of a regular file that has several names: equal for names of the same file, whether or not the others are in the tree. */
  readonly inode?: string;
  /** Extended attributes that reach an image (`security.capability`, `user.*`); absent when there are none. */
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
}

export interface WalkOptions {
  /** Answer false to leave a directory's children out; it itself is still reported. */
  readonly descend?: (directory: FileEntry) => boolean;
  readonly signal?: AbortSignal;
}

export interface ScanOptions extends WalkOptions {
  /** Told now and then how many entries were looked at so far. */
  readonly onProgress?: (nEntries: number) => void;
}

export interface DigestOptions {
  readonly signal?: AbortSignal;
  /** Told now and then, where there is much to read. */
  readonly onProgress?: (progress: ReadProgress) => void;
}

/** Of the files that have to be read. */
export interface ReadProgress {
  readonly nFiles: number;
  readonly bytes: number;
  readonly totalFiles: number;
  readonly totalBytes: number;
}

export interface FileTree {
  /** lstat: the last component's symlink is not followed, and no component leaves the root. Undefined when absent. */
  stat(path: string): Promise<FileEntry | undefined>;
  /** Everything at and below `path` (a directory comes before its children; siblings in byte order of their names). Empty when absent. */
  walk(path: string, options?: WalkOptions): Promise<readonly FileEntry[]>;
  /** Content digests of regular files, in the order asked. A file that vanished answers undefined. */
  digests(paths: readonly string[], signal?: AbortSignal): Promise<readonly (Digest | undefined)[]>;
  /**
   * Content of a small file such as a Dockerfile or .dockerignore; undefined when absent.
   * @throws NaruError "invalid-argument" when it is larger than `maxBytes`
   */
  read(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** All of the tree at one moment; only trees on disk have it. */
  scan?(options?: ScanOptions): Promise<TreeScan>;
}

/** A tree at one moment, from one look at each entry: what `walk('')` and `digests` of its files answer when nothing changes in between. */
export interface TreeScan {
  readonly nEntries: number;
  /** In the order of a walk. Asking for the fingerprint alone does without them. */
  readonly entries: readonly FileEntry[];
  /** The same moment with fewer entries: some of these, in their order. */
  only(entries: readonly FileEntry[]): TreeScan;
  /**
   * Two scans have the same fingerprint only if all entries have the same names, attributes and states, as far as a look can tell.
   * Undefined where a look cannot tell. Contents are not read.
   */
  fingerprint(): Digest | undefined;
  /** Reads what was not read in the same state before. */
  digests(options?: DigestOptions): Promise<ScannedDigests>;
}

export interface ScannedDigests {
  /** One per entry, in order; undefined for what is no regular file, and for files that vanished. */
  readonly digests: readonly (Digest | undefined)[];
  /** Any later scan with the same fingerprint has these digests: nothing changed while it was read, or just before. */
  readonly isSettled: boolean;
}
