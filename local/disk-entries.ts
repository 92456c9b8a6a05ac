/**
 * Single looks at a directory on disk: one entry, the names in one directory, and what errors mean.
 * No symlink is followed, not even in the middle of a path, so nothing outside the root is ever looked at.
 * Synchronous: in Node a call that goes through the thread pool costs more than a look at a cached inode.
 */

import { isUtf8 } from 'node:buffer';
import { type BigIntStats, constants, lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';

import type { FileEntry, FileKind } from '../core/context/file-tree.ts';
import { parentPath } from '../core/context/paths.ts';
import { NaruError } from '../core/errors.ts';
import { errorCode, isGone } from './error-code.ts';

/** "root": everything belongs to 0:0, as in a build context that comes from a client. "stored": as on disk. */
export type EntryOwners = 'root' | 'stored';

/** Undefined for what is not there. `root` is a real path without a slash at its end. @throws NaruError "forbidden" for what may not be looked at */
export function lstatAt(root: string, path: string): BigIntStats | undefined {
  try {
    return lstatSync(absolutePath(root, path), LSTAT);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw unreadable(absolutePath(root, path), errorCode(error));
  }
}

/** Made once, not for each look. */
const LSTAT = { bigint: true, throwIfNoEntry: false } as const;

/** What lstat says, as far as entries are made of it. `size` of a device is its rdev. */
export interface EntryNumbers {
  /** With the kind's bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly nLinks: number;
  readonly dev: bigint;
  readonly ino: bigint;
}

/** What `stats` say of `path`. Undefined for a symlink that vanished meanwhile. */
export function entryAt(
  root: string,
  path: string,
  stats: BigIntStats,
  owners: EntryOwners,
): FileEntry | undefined {
  const { dev, ino, mtimeNs } = stats;
  const mode = Number(stats.mode);
  const linkTarget = isSymlinkMode(mode) ? linkTargetAt(root, path) : undefined;
  if (isSymlinkMode(mode) && linkTarget === undefined) return undefined;
  const owned = { uid: Number(stats.uid), gid: Number(stats.gid) };
  const size = isDeviceMode(mode) ? stats.rdev : stats.size;
  return entryOf(
    path,
    { mode, ...owned, size, mtimeNs, nLinks: Number(stats.nlink), dev, ino },
    owners,
    linkTarget,
  );
}

/** `linkTarget`: of a symlink. */
export function entryOf(
  path: string,
  numbers: EntryNumbers,
  owners: EntryOwners,
  linkTarget: string | undefined,
): FileEntry {
  const kind = kindOf(numbers.mode);
  const entry: FileEntry = {
    path,
    kind,
    mode: modeOf(kind, numbers.mode),
    uid: owners === 'root' ? 0 : numbers.uid,
    gid: owners === 'root' ? 0 : numbers.gid,
    sizeBytes: kind === 'file' ? Number(numbers.size) : 0,
    mtimeNs: numbers.mtimeNs,
  };
  if (linkTarget !== undefined) return { ...entry, linkTarget };
  if (kind === 'file' && numbers.nLinks > 1) return { ...entry, inode: `${numbers.dev}:${numbers.ino}` };
  return isDeviceMode(numbers.mode) ? { ...entry, device: deviceOf(numbers.size) } : entry;
}

/** As the file system lists them; empty for a directory that is gone. @throws NaruError for one that may not be read, or for a name that is no UTF-8 */
export function namesIn(root: string, path: string): string[] {
  try {
    const names = readdirSync(absolutePath(root, path));
    // What is no UTF-8 reads like that; a name may hold the character as well.
    if (names.some((name) => name.includes('\uFFFD'))) checkNames(root, path);
    return names;
  } catch (error) {
    if (isGone(error)) return [];
    throw error instanceof NaruError ? error : unreadable(absolutePath(root, path), errorCode(error));
  }
}

/** True when every component above the last is a directory; those known are kept in `known`. */
export function isBelowDirectories(root: string, path: string, known: Set<string>): boolean {
  const parent = parentPath(path);
  if (parent === '' || known.has(parent)) return true;
  if (!isBelowDirectories(root, parent, known)) return false;
  const isDirectory = lstatAt(root, parent)?.isDirectory() === true;
  if (isDirectory) known.add(parent);
  return isDirectory;
}

/** Real path without a slash at its end, '' for `/`. @throws NaruError "not-found" when there is no such directory */
export function realRoot(directory: string): string {
  try {
    const root = realpathSync(directory);
    if (lstatSync(root).isDirectory()) return root === '/' ? '' : root;
  } catch (error) {
    if (!isGone(error)) throw unreadable(directory, errorCode(error));
  }
  throw new NaruError('not-found', 'E_NO_DIRECTORY', `${directory} is not a directory`);
}

/** `path` is absolute: whoever reads it does not know what it was relative to. `code`: the system's, '' where it said none. */
export function unreadable(path: string, code: string): NaruError {
  const reason = code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code || 'EIO';
  return new NaruError('forbidden', 'E_FILE_UNREADABLE', `cannot read ${path}: ${reason}`, {
    hint: 'make it readable, or leave it out with .dockerignore',
  });
}

/** Windows has only the first four. */
const { S_IFMT, S_IFREG, S_IFDIR, S_IFLNK, S_IFIFO, S_IFSOCK, S_IFBLK, S_IFCHR } = constants;

export function isDirectoryMode(mode: number): boolean {
  return (mode & S_IFMT) === S_IFDIR;
}

export function isSymlinkMode(mode: number): boolean {
  return (mode & S_IFMT) === S_IFLNK;
}

function isDeviceMode(mode: number): boolean {
  return (mode & S_IFMT) === S_IFBLK || (mode & S_IFMT) === S_IFCHR;
}

function kindOf(rawMode: number): FileKind {
  switch (rawMode & S_IFMT) {
    case S_IFREG:
      return 'file';
    case S_IFDIR:
      return 'dir';
    case S_IFLNK:
      return 'symlink';
    case S_IFIFO:
      return 'fifo';
    case S_IFSOCK:
      return 'socket';
    case S_IFBLK:
      return 'block-device';
    default:
      return 'char-device';
  }
}

/** Windows has no modes to tell: everything is 0755 there, as docker's client has it. */
function modeOf(kind: FileKind, mode: number): number {
  if (process.platform !== 'win32') return mode & 0o7777;
  return kind === 'symlink' ? 0o777 : 0o755;
}

/** Linux's encoding of dev_t in 64 bits. */
function deviceOf(rdev: bigint): { readonly major: number; readonly minor: number } {
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n);
  return { major: Number(major), minor: Number(minor) };
}

/** With forward slashes, on Windows too. Undefined for what is gone, or no symlink any more. */
export function linkTargetAt(root: string, path: string): string | undefined {
  try {
    const target = readlinkSync(absolutePath(root, path));
    return process.platform === 'win32' ? target.replaceAll('\\', '/') : target;
  } catch (error) {
    if (isGone(error) || errorCode(error) === 'EINVAL') return undefined;
    throw unreadable(absolutePath(root, path), errorCode(error));
  }
}

/** Plain concatenation: twice as fast as `join` over a large tree. */
function absolutePath(root: string, path: string): string {
  return path === '' ? root || '/' : `${root}/${path}`;
}

function checkNames(root: string, directory: string): void {
  const bad = readdirSync(absolutePath(root, directory), 'buffer').find((name) => !isUtf8(name));
  if (bad !== undefined) throw badName(directory, bad.toString());
}

function badName(directory: string, name: string): NaruError {
  return new NaruError(
    'invalid-argument',
    'E_FILE_NAME',
    `a file name in /${directory} is not UTF-8: ${JSON.stringify(name)}`,
    { hint: 'rename it, or leave its directory out with .dockerignore' },
  );
}
