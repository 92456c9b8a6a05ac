/** Worker thread of context-looks.ts: scans a directory and answers its fingerprint. It stays, so that its code is warm when the next build comes. */

import { parentPort } from 'node:worker_threads';

import type { SeenDirectory } from '../../core/protocol/context-look.ts';
import { diskTree } from '../../local/disk-tree.ts';
import { stampStrength } from '../../local/file-stamp.ts';
import { HashPool } from '../../local/hash-pool.ts';
import { StatCache } from '../../local/stat-cache.ts';

export interface LookJob {
  readonly id: number;
  /** A real path. */
  readonly directory: string;
}

export interface LookResult {
  readonly id: number;
  /** Undefined for what cannot be looked at, and where looking tells nothing. */
  readonly seen: SeenDirectory | undefined;
}

parentPort?.on('message', ({ id, directory }: LookJob) => {
  const answer = (seen: SeenDirectory | undefined): void =>
    parentPort?.postMessage({ id, seen } satisfies LookResult);
  void look(directory).then(answer, () => answer(undefined)); // what is wrong, the client finds out itself
});

async function look(directory: string): Promise<SeenDirectory | undefined> {
  const statCache = new StatCache({ strength: stampStrength(directory, process.platform) });
  // As a client looks at a build context (local/context-directory.ts).
  const options = { statCache, hashPool: new HashPool({ nWorkers: 0 }), owners: 'root' } as const;
  const scan = await diskTree(directory, options).scan?.();
  const fingerprint = scan?.fingerprint();
  return scan === undefined || fingerprint === undefined
    ? undefined
    : { fingerprint, nEntries: scan.nEntries };
}
