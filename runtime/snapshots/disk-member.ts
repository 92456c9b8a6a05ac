/** A file on disk as a member of a tar: what layers and archives of containers' files say of it. */

import * as fs from 'node:fs';

import type { FileKind } from '../../core/context/file-tree.ts';
import type { TarEntry } from '../../core/tar/entry.ts';
import { decodePath } from '../../core/tar/path-bytes.ts';
import type { NewTarMember } from '../../local/tar/writer.ts';
import { deviceNumbers, lgetxattr, llistxattr } from '../host/syscalls.ts';
import * as overlay from './overlay-files.ts';

/** A file that was looked at. */
export interface DiskFile {
  /** In the archive. */
  readonly path: string;
  /** On the host. */
  readonly at: string | Buffer;
  /** Of itself: links are not followed. */
  readonly stats: fs.BigIntStats;
}

/** First member of each file with several links, by inode; one per archive. */
export type LinkedMembers = Map<bigint, string>;

/**
 * The header of a member; a second name of an inode is a hard link to the first. Undefined for sockets, which archives do not hold.
 *
 * @throws the system call's error
 */
export function diskMember(
  { path, at, stats }: DiskFile,
  linked: LinkedMembers,
  xattrsOf: (at: string | Buffer) => ImageXattrs['image'],
): TarEntry | undefined {
  const kind = fileKind(stats);
  if (kind === 'socket') return undefined;
  const base = {
    path,
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtimeNs: stats.mtimeNs,
  };
  if (kind !== 'dir' && stats.nlink > 1n) {
    const first = linked.get(stats.ino);
    if (first !== undefined) return { ...base, kind: 'hardlink', sizeBytes: 0, linkTarget: first };
    linked.set(stats.ino, path);
  }
  const xattrs = xattrsOf(at);
  const isDevice = kind === 'char-device' || kind === 'block-device';
  return {
    ...base,
    kind,
    sizeBytes: kind === 'file' ? Number(stats.size) : 0,
    ...(kind === 'symlink' ? { linkTarget: decodePath(fs.readlinkSync(at, { encoding: 'buffer' })) } : {}),
    ...(isDevice ? { device: deviceNumbers(Number(stats.rdev)) } : {}),
    ...(xattrs === undefined ? {} : { xattrs }),
  };
}

const CHUNK_BYTES = 256 * 1024;

/** A regular file with its content; links are not followed. A file that shrinks while it is read is filled up with zeros, one that grows is cut: the header is written already. */
export function* fileMember(at: string | Buffer, entry: TarEntry): Generator<NewTarMember, void, undefined> {
  const fd = fs.openSync(at, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  try {
    yield { entry, content: exactly(fd, entry.sizeBytes) };
  } finally {
    fs.closeSync(fd);
  }
}

function* exactly(fd: number, sizeBytes: number): Generator<Uint8Array, void, undefined> {
  let left = sizeBytes;
  while (left > 0) {
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, left));
    const bytesRead = fs.readSync(fd, chunk);
    left -= bytesRead === 0 ? chunk.length : bytesRead;
    yield bytesRead === 0 ? chunk : chunk.subarray(0, bytesRead);
  }
}

/** From lstat(2). Whiteouts are character devices here; see overlay-files.ts. */
export function fileKind(stats: fs.BigIntStats): FileKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'dir';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return stats.isBlockDevice() ? 'block-device' : 'char-device';
}

/** Extended attributes of a file as an image carries them; see `ImageXattrs`. Links are not followed. */
export function imageXattrs(path: string | Buffer): ImageXattrs['image'] {
  return readImageXattrs(path).image;
}

/** Extended attributes of a file, without overlayfs's own marks. */
export interface ImageXattrs {
  /** Those that reach an image: file capabilities and the users' own. Undefined when there are none. */
  readonly image: ReadonlyMap<string, Uint8Array> | undefined;
  /** There are some that do not: access control lists, labels. */
  readonly hasOthers: boolean;
}

/** Reads and sorts them. Links are not followed. @throws the system call's error */
export function readImageXattrs(path: string | Buffer): ImageXattrs {
  const found = new Map<string, Uint8Array>();
  let hasOthers = false;
  for (const name of llistxattr(path)) {
    if (overlay.isOverlayXattr(name)) continue;
    const isKept = name === 'security.capability' || name.startsWith('user.');
    if (!isKept) hasOthers = true;
    const value = isKept ? lgetxattr(path, name) : undefined;
    if (value !== undefined) found.set(name, value);
  }
  return { image: found.size === 0 ? undefined : found, hasOthers };
}
