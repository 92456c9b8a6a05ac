/** What a tree on disk is read with. */

import type { EntryOwners } from './disk-entries.ts';
import type { HashPool } from './hash-pool.ts';
import type { StatCache } from './stat-cache.ts';

export interface DiskTreeOptions {
  readonly statCache: StatCache;
  readonly hashPool: HashPool;
  readonly owners: EntryOwners;
}
