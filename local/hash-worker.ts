/** Worker thread of hash-pool.ts: takes batches of paths, answers their outcomes in order. */

import { parentPort } from 'node:worker_threads';

import { hashFile, type HashOutcome } from './hash-file.ts';
import { HashWatch } from './hash-watch.ts';

export interface HashBatch {
  readonly id: number;
  readonly paths: readonly string[];
  /** Of a HashWatch. */
  readonly watched: SharedArrayBuffer;
}

export interface HashedBatch {
  readonly id: number;
  /** In the order of the paths; fewer when the watch was cancelled. */
  readonly outcomes: readonly HashOutcome[];
}

parentPort?.on('message', ({ id, paths, watched }: HashBatch) => {
  const watch = new HashWatch(watched);
  const outcomes: HashOutcome[] = [];
  for (const path of paths) {
    if (watch.isCancelled) break;
    outcomes.push(hashFile(path, watch));
  }
  parentPort?.postMessage({ id, outcomes } satisfies HashedBatch);
});
