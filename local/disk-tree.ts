/**
 * A directory on disk as a FileTree: listed where it lies, hashed through a stat cache and a pool of workers.
 * No symlink is followed, not even in the middle of a path, so nothing outside the root is ever looked at.
 * Every answer is of the moment: entries are stat'ed again each time, and only the digests of unchanged files are remembered.
 */

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { FileEntry, FileTree, WalkOptions } from '../core/context/file-tree.ts';
import { tooLarge } from '../core/context/memory-tree.ts';
import type { Digest } from '../core/oci/digest.ts';
import { entryAt, isBelowDirectories, lstatAt, realRoot, unreadable } from './disk-entries.ts';
import { DiskScan } from './disk-scan.ts';
import type { DiskTreeOptions } from './disk-tree-options.ts';
import { walkDisk } from './disk-walk.ts';
import { errorCode, isGone } from './error-code.ts';
import { stampOf } from './file-stamp.ts';
import type { HashJob } from './hash-pool.ts';

/** The tree below a directory; nothing is opened or watched. @throws NaruError "not-found" when there is no such directory */
export function diskTree(directory: string, options: DiskTreeOptions): FileTree {
  const root = realRoot(directory);
  return {
    stat: async (path) => statInTree(root, path, options),
    walk: (path, walkOptions) => walkInTree(root, path, options, walkOptions),
    digests: (paths, signal) => digestsInTree(root, paths, options, signal),
    read: (path, maxBytes) => readInTree(root, path, maxBytes),
    scan: (walkOptions) => DiskScan.take(root, options, walkOptions),
  };
}

/** Files between two turns of the event loop; some 5 ms. */
const CHUNK = 1000;

async function walkInTree(
  root: string,
  start: string,
  { owners }: DiskTreeOptions,
  walkOptions: WalkOptions = {},
): Promise<readonly FileEntry[]> {
  if (!isBelowDirectories(root, start, new Set())) return [];
  const entries: FileEntry[] = [];
  await walkDisk(root, start, { ...walkOptions, owners }, (entry) => void entries.push(entry));
  return entries;
}

function statInTree(root: string, path: string, { owners }: DiskTreeOptions): FileEntry | undefined {
  const stats = isBelowDirectories(root, path, new Set()) ? lstatAt(root, path) : undefined;
  return stats === undefined ? undefined : entryAt(root, path, stats, owners);
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
  const outcomes = await hashPool.hash(jobs, { signal });
  for (const [nth, job] of jobs.entries()) {
    const outcome = outcomes[nth];
    if (outcome === undefined || outcome.kind === 'vanished') continue;
    if (outcome.kind === 'unreadable') throw unreadable(job.path, outcome.code);
    digests[job.index] = outcome.digest;
    if (outcome.isStable) statCache.add(job.path, outcome.stamp, outcome.digest, readAtNs);
  }
  return digests;
}

async function readInTree(root: string, path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const stats = isBelowDirectories(root, path, new Set()) ? lstatAt(root, path) : undefined;
  if (!stats?.isFile()) return undefined;
  const handle = await open(join(root, path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(
    (error: unknown) => {
      if (isGone(error)) return undefined;
      throw unreadable(join(root, path), errorCode(error));
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
