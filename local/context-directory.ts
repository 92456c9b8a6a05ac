/** A build context's directory with its stat cache in the user's cache directory: what server, CLI and extension open. */

import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';

import type { FileTree } from '../core/context/file-tree.ts';
import { NaruError } from '../core/errors.ts';
import { cacheFile } from './cache-file.ts';
import { contextDisk } from './context-disk.ts';
import { diskTree } from './disk-tree.ts';
import { HashPool } from './hash-pool.ts';
import { KnownContexts } from './known-contexts.ts';

export interface ContextDirectoryOptions {
  /** Shared between contexts; default: one of its own. */
  readonly hashPool?: HashPool;
  /** Default: the process's. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface ContextDirectory {
  /** Real path of the root. */
  readonly root: string;
  /** Everything belongs to 0:0. Ignore patterns are not applied: see `contextTree`. */
  readonly tree: FileTree;
  /** Which contexts were sent of it. */
  readonly known: KnownContexts;
  /** Writes the stat cache; worth calling after each build or preview, cheap when nothing changed. A failure to write is none of the caller's. */
  save(): Promise<void>;
}

/** @throws NaruError "not-found" when there is no such directory */
export async function openContextDirectory(
  directory: string,
  options: ContextDirectoryOptions = {},
): Promise<ContextDirectory> {
  const root = await realpath(directory).catch((cause: unknown) => {
    throw new NaruError('not-found', 'E_NO_DIRECTORY', `${directory} is not a directory`, { cause });
  });
  const env = options.env ?? process.env;
  const statCacheFile = cacheFile('stat-cache', root, env, homedir());
  const disk = contextDisk(root, options.hashPool ?? new HashPool(), statCacheFile);
  const tree = diskTree(root, disk);
  const known = new KnownContexts(cacheFile('contexts', root, env, homedir()));
  // A read-only or full cache directory costs time at the next start, nothing else.
  return { root, tree, known, save: () => disk.statCache.save().catch(() => undefined) };
}
