/** The limits of the build cache as the engine's options give them, and what they are without. */

import { statfsSync } from 'node:fs';

import type { CacheGcLimits } from './cache-gc.ts';

export interface CacheLimitOptions {
  /** 0: no limit. Absent: a tenth of the disk. */
  readonly cacheBytes?: number;
  /** 0: no limit. Absent: sixty days. */
  readonly cacheAgeMs?: number;
}

const GB = 1_000_000_000;
const DEFAULT_AGE_MS = 60 * 24 * 3600 * 1000;

/** `root` is a directory on the engine's disk. */
export function cacheLimits({ cacheBytes, cacheAgeMs }: CacheLimitOptions, root: string): CacheGcLimits {
  return {
    maxBytes: orNone(cacheBytes ?? defaultBytes(root)),
    maxAgeMs: orNone(cacheAgeMs ?? DEFAULT_AGE_MS),
  };
}

/** A tenth of the disk, but no less than a small project needs and no more than anybody wants to look for. */
function defaultBytes(root: string): number {
  const { blocks, bsize } = statfsSync(root);
  return Math.min(Math.max((blocks * bsize) / 10, 2 * GB), 100 * GB);
}

function orNone(limit: number): number {
  return limit === 0 ? Number.POSITIVE_INFINITY : limit;
}
