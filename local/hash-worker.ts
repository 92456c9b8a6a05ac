/** Worker thread of hash-pool.ts: takes batches of paths, answers their outcomes in order. */

import { parentPort } from 'node:worker_threads';

import { hashFile, type HashOutcome } from './hash-file.ts';

export interface HashBatch {
  readonly id: number;
  readonly paths: readonly string[];
}

export interface HashedBatch {
  readonly id: number;
  readonly outcomes: readonly HashOutcome[];
}

parentPort?.on('message', (batch: HashBatch) => {
  const answer: HashedBatch = { id: batch.id, outcomes: batch.paths.map(hashFile) };
  parentPort?.postMessage(answer);
});
