/**
 * A directory on disk as a FileTree: listed where it lies, hashed through a stat cache and a pool of workers.
 * No symlink is followed, not even in the middle of a path, so nothing outside the root is ever looked at.
 * Every answer is of the moment: entries are stat'ed again each time, and only the digests of unchanged files are remembered.
 */

import { type BigIntStats, constants, lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { FileEntry, FileKind, FileTree, WalkOptions } from '../core/context/file-tree.ts';
import { tooLarge } from '../core/context/memory-tree.ts';
import { comparePaths, joinPath, parentPath } from '../core/context/paths.ts';
import { NaruError } from '../core/errors.ts';
import type { Digest } from '../core/oci/digest.ts';
import { stampOf } from './file-stamp.ts';
import type { HashOutcome } from './hash-file.ts';
import type { HashJob, HashPool } from './hash-pool.ts';
import type { StatCache } from './stat-cache.ts';

export interface DiskTreeOptions {
  readonly statCache: StatCache;
  readonly hashPool: HashPool;
  /** "root": everything belongs to 0:0, as in a build context that comes from a client. "stored": as on disk. */
  readonly owners: 'root' | 'stored';
}

/** The tree below a directory; nothing is opened or watched. @throws NaruError "not-found" when there is no such directory */
export function diskTree(directory: string, options: DiskTreeOptions): FileTree {
  const root = realRoot(directory);
  return {
    stat: async (path) => statInTree(root, path, options),
    walk: (path, walkOptions) => walkInTree(root, path, options, walkOptions),
    digests: (paths, signal) => digestsInTree(root, paths, options, signal),
    read: (path, maxBytes) => readInTree(root, path, maxBytes),
  };
}

/** Entries between two turns of the event loop; some 5 ms. */
const CHUNK = 1000;

async function walkInTree(
  root: string,
  start: string,
  options: DiskTreeOptions,
  { descend, signal }: WalkOptions = {},
): Promise<readonly FileEntry[]> {
  if (!isBelowDirectories(root, start, new Set())) return [];
  const entries: FileEntry[] = [];
  // Paths still to be listed, the next one last.
  const pending = [start];
  for (let nListed = 0; ; nListed += 1) {
    if (nListed % CHUNK === 0) {
      throwIfCancelled(signal);
      if (nListed > 0) await nextTurn();
    }
    const path = pending.pop();
    if (path === undefined) return entries;
    const entry = entryAt(root, path, options);
    if (entry === undefined) continue;
    entries.push(entry);
    if (entry.kind !== 'dir' || descend?.(entry) === false) continue;
    const names = namesIn(root, path).sort(comparePaths);
    for (let index = names.length - 1; index >= 0; index -= 1)
      pending.push(joinPath(path, names[index] ?? ''));
  }
}

function statInTree(root: string, path: string, options: DiskTreeOptions): FileEntry | undefined {
  return isBelowDirectories(root, path, new Set()) ? entryAt(root, path, options) : undefined;
}

async function digestsInTree(
  root: string,
  paths: readonly string[],
  { statCache, hashPool }: DiskTreeOptions,
  signal?: AbortSignal,
): Promise<readonly (Digest | undefined)[]> {
  const digests: (Digest | undefined)[] = Array.from({ length: paths.length });
  const directories = new Set<string>();
  const jobs: (HashJob & { readonly index: number })[] = [];
  for (const [index, path] of paths.entries()) {
    if (index % CHUNK === CHUNK - 1) await nextTurn();
    const stats = isBelowDirectories(root, path, directories) ? lstatAt(root, path) : undefined;
    if (!stats?.isFile()) continue;
    const absolute = join(root, path);
    digests[index] = statCache.find(absolute, stampOf(stats));
    if (digests[index] === undefined) jobs.push({ path: absolute, sizeBytes: Number(stats.size), index });
  }
  const readAtNs = statCache.now();
  const outcomes = await hashPool.hash(jobs, signal);
  for (const [nth, job] of jobs.entries()) {
    const outcome = outcomes[nth];
    if (outcome === undefined || outcome.kind === 'vanished') continue;
    if (outcome.kind === 'unreadable') throw unreadable(paths[job.index] ?? '', outcome.code);
    digests[job.index] = outcome.digest;
    remember(statCache, job.path, outcome, readAtNs);
  }
  return digests;
}

function remember(
  statCache: StatCache,
  path: string,
  outcome: Extract<HashOutcome, { kind: 'hashed' }>,
  readAtNs: bigint,
): void {
  if (outcome.isStable) statCache.add(path, outcome.stamp, outcome.digest, readAtNs);
}

async function readInTree(root: string, path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const stats = isBelowDirectories(root, path, new Set()) ? lstatAt(root, path) : undefined;
  if (!stats?.isFile()) return undefined;
  const handle = await open(join(root, path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(
    (error: unknown) => {
      if (isGone(error)) return undefined;
      throw unreadable(path, errorCode(error));
    },
  );
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw tooLarge(path, size, maxBytes);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** True when every component above the last is a directory; those known are kept in `known`. */
function isBelowDirectories(root: string, path: string, known: Set<string>): boolean {
  const parent = parentPath(path);
  if (parent === '' || known.has(parent)) return true;
  if (!isBelowDirectories(root, parent, known)) return false;
  const isDirectory = lstatAt(root, parent)?.isDirectory() === true;
  if (isDirectory) known.add(parent);
  return isDirectory;
}

/** Undefined for what vanished meanwhile. */
function entryAt(root: string, path: string, { owners }: DiskTreeOptions): FileEntry | undefined {
  const stats = lstatAt(root, path);
  if (stats === undefined) return undefined;
  const kind = kindOf(stats);
  const linkTarget = kind === 'symlink' ? linkTargetAt(root, path) : undefined;
  if (kind === 'symlink' && linkTarget === undefined) return undefined;
  const isDevice = kind === 'char-device' || kind === 'block-device';
  return {
    path,
    kind,
    mode: modeOf(kind, Number(stats.mode)),
    uid: owners === 'root' ? 0 : Number(stats.uid),
    gid: owners === 'root' ? 0 : Number(stats.gid),
    sizeBytes: kind === 'file' ? Number(stats.size) : 0,
    mtimeNs: stats.mtimeNs,
    ...(linkTarget === undefined ? {} : { linkTarget }),
    ...(isDevice ? { device: deviceOf(stats.rdev) } : {}),
  };
}

function kindOf(stats: BigIntStats): FileKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'dir';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return stats.isBlockDevice() ? 'block-device' : 'char-device';
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

function lstatAt(root: string, path: string): BigIntStats | undefined {
  try {
    return lstatSync(absolutePath(root, path), { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if (isGone(error)) return undefined;
    throw unreadable(path, errorCode(error));
  }
}

function namesIn(root: string, path: string): string[] {
  try {
    const names = readdirSync(absolutePath(root, path));
    const bad = names.find((name) => name.includes('\uFFFD'));
    if (bad !== undefined && lstatAt(root, joinPath(path, bad)) === undefined) throw badName(path, bad);
    return names;
  } catch (error) {
    if (isGone(error)) return [];
    throw error instanceof NaruError ? error : unreadable(path, errorCode(error));
  }
}

/** With forward slashes, on Windows too. */
function linkTargetAt(root: string, path: string): string | undefined {
  try {
    const target = readlinkSync(absolutePath(root, path));
    return process.platform === 'win32' ? target.replaceAll('\\', '/') : target;
  } catch (error) {
    if (isGone(error) || errorCode(error) === 'EINVAL') return undefined;
    throw unreadable(path, errorCode(error));
  }
}

/** Plain concatenation: twice as fast as `join` over a large tree. */
function absolutePath(root: string, path: string): string {
  return path === '' ? root || '/' : `${root}/${path}`;
}

function realRoot(directory: string): string {
  try {
    const root = realpathSync(directory);
    if (lstatSync(root).isDirectory()) return root === '/' ? '' : root;
  } catch (error) {
    if (!isGone(error)) throw unreadable(directory, errorCode(error));
  }
  throw new NaruError('not-found', 'E_NO_DIRECTORY', `${directory} is not a directory`);
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
}

function isGone(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error));
}

function unreadable(path: string, code: string): NaruError {
  const reason = code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code;
  return new NaruError('forbidden', 'E_FILE_UNREADABLE', `cannot read /${path}: ${reason}`, {
    hint: 'make it readable, or leave it out with .dockerignore',
  });
}

function badName(directory: string, name: string): NaruError {
  return new NaruError(
    'invalid-argument',
    'E_FILE_NAME',
    `a file name in /${directory} is not UTF-8: ${JSON.stringify(name)}`,
    { hint: 'rename it, or leave its directory out with .dockerignore' },
  );
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new NaruError('cancelled', 'E_CANCELLED', 'listing files was cancelled', { cause: signal.reason });
  }
}
