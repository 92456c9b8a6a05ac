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
  /** Extended attributes that reach an image (`security.capability`, `user.*`); absent when there are none. */
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
}

export interface WalkOptions {
  /** Answer false to leave a directory's children out; it itself is still reported. */
  readonly descend?: (directory: FileEntry) => boolean;
  readonly signal?: AbortSignal;
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
}
