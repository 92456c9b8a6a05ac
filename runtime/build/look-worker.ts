/** Worker thread of context-looks.ts: scans directories and answers their fingerprints. It stays for a while, so that its code is warm when the next build comes. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';

import type { SeenDirectory } from '../../core/protocol/context-look.ts';
import { contextDisk } from '../../local/context-disk.ts';
import { realRoot } from '../../local/disk-entries.ts';
import { DiskScan } from '../../local/disk-scan.ts';
import { HashPool } from '../../local/hash-pool.ts';

export type ToLookWorker =
  | LookJob
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'ping' };

interface LookJob {
  readonly kind: 'look';
  readonly id: number;
  /** A real path. */
  readonly directory: string;
  readonly maxEntries: number;
}

export type FromLookWorker = LookResult | { readonly kind: 'pong' };

export interface LookResult {
  readonly kind: 'result';
  readonly id: number;
  /** Undefined for what cannot be looked at, where looking tells nothing, and for what was cancelled. */
  readonly seen: SeenDirectory | undefined;
}

const running = new Map<number, AbortController>();

parentPort?.on('message', (message: ToLookWorker) => {
  switch (message.kind) {
    case 'look':
      return void run(message);
    case 'cancel':
      return running.get(message.id)?.abort();
    case 'ping':
      return parentPort?.postMessage({ kind: 'pong' } satisfies FromLookWorker);
  }
});

async function run(job: LookJob): Promise<void> {
  const { id } = job;
  const abort = new AbortController();
  running.set(id, abort);
  await nextTurn(); // what is cancelled already does not begin
  // What is wrong, the client finds out itself.
  const seen = await look(job, abort.signal).catch(() => undefined);
  running.delete(id);
  parentPort?.postMessage({ kind: 'result', id, seen } satisfies FromLookWorker);
}

async function look(
  { directory, maxEntries }: LookJob,
  signal: AbortSignal,
): Promise<SeenDirectory | undefined> {
  const options = contextDisk(directory, new HashPool({ nWorkers: 0 }));
  // No fingerprint could come of it, and each look there is slow (9p of WSL, sshfs).
  if (options.statCache.strength === 'weak') return undefined;
  const scan = await DiskScan.take(realRoot(directory), options, { signal, maxEntries });
  const fingerprint = scan.fingerprint();
  return fingerprint === undefined ? undefined : { fingerprint, nEntries: scan.nEntries };
}
