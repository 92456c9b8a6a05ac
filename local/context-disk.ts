/**
 * How the directory of a build context is looked at, by a client and by an engine in its place (runtime/build/look-worker.ts).
 * Both must make the same fingerprint of the same state, so both ask here.
 */

import type { DiskTreeOptions } from './disk-tree-options.ts';
import { stampStrength } from './file-stamp.ts';
import type { HashPool } from './hash-pool.ts';
import { StatCache } from './stat-cache.ts';

/** Everything belongs to 0:0. `root` is a real path; `statCacheFile` absent: nothing is remembered. */
export function contextDisk(root: string, hashPool: HashPool, statCacheFile?: string): DiskTreeOptions {
  const strength = stampStrength(root, process.platform);
  const statCache = new StatCache(
    statCacheFile === undefined ? { strength } : { strength, file: statCacheFile },
  );
  return { statCache, hashPool, owners: 'root' };
}
