/**
 * Hashes many files with all cores: batches go to worker threads, a few files are done in place.
 * Workers start at the first large job and keep neither the process nor the event loop alive.
 */

import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';

import { NaruError } from '../core/errors.ts';
import { hashFile, type HashOutcome } from './hash-file.ts';
import { type HashProgress, HashWatch } from './hash-watch.ts';
import type { HashBatch, HashedBatch } from './hash-worker.ts';

export interface HashJob {
  /** Absolute. */
  readonly path: string;
  /** Expected size, to balance batches. */
  readonly sizeBytes: number;
}

export interface HashOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told now and then while workers hash. */
  readonly onProgress?: ((progress: HashProgress) => void) | undefined;
}

export interface HashPoolOptions {
  /** Default: one per core, at most 8; 0 hashes everything in the caller's thread. */
  readonly nWorkers?: number;
  /** A worker that nobody waits for any more and that is not free by then hangs in a read, and is replaced. In milliseconds. */
  readonly hangMs?: number;
}

/** Below this much work, starting and asking workers costs more than it saves. */
const INLINE_FILES = 64;
const INLINE_BYTES = 4 * 1024 * 1024;
const BATCH_FILES = 256;
const BATCH_BYTES = 16 * 1024 * 1024;
const PROGRESS_MS = 200;
const HANG_MS = 1000;

export class HashPool {
  readonly #nWorkers: number;
  readonly #hangMs: number;
  readonly #workers = new Map<Worker, HashBatch | undefined>();
  readonly #queue: HashBatch[] = [];
  readonly #waiting = new Map<number, (outcomes: readonly HashOutcome[]) => void>();
  /** Workers whose batch nobody waits for, until they are free, are gone, or count as hanging. */
  readonly #calledOff = new Map<Worker, NodeJS.Timeout>();
  /** Threads outside of the pool that end once their read does. */
  #nHanging = 0;
  #nextId = 0;
  #isDisposed = false;

  constructor(options: HashPoolOptions = {}) {
    this.#nWorkers = options.nWorkers ?? Math.min(8, availableParallelism());
    this.#hangMs = options.hangMs ?? HANG_MS;
  }

  /**
   * Outcomes in the order of the jobs.
   * @throws NaruError "cancelled" as soon as the signal aborts; workers give up in the middle of a file then, and nobody waits for one that hangs
   */
  async hash(jobs: readonly HashJob[], options: HashOptions = {}): Promise<readonly HashOutcome[]> {
    const { signal } = options;
    const sizeBytes = jobs.reduce((sum, job) => sum + job.sizeBytes, 0);
    const isSmall = jobs.length <= INLINE_FILES && sizeBytes <= INLINE_BYTES;
    const batches = batchesOf(jobs);
    // Loaded when it is needed: a process that hashes little starts sooner without.
    const { Worker: Thread } = isSmall ? {} : await import('node:worker_threads');
    throwIfCancelled(signal);
    if (Thread !== undefined && this.#nWorkers > 0 && !this.#isDisposed)
      return this.#hashInWorkers(batches, Thread, options);
    const outcomes: HashOutcome[] = [];
    for (const batch of batches) outcomes.push(...(await hashInline(batch, signal)));
    return outcomes;
  }

  /** Stops the workers, and does not wait for those that may hang; later jobs are hashed in the caller's thread. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    const mayHang = new Set(this.#calledOff.keys());
    for (const worker of mayHang) {
      this.#forget(worker);
      void worker.terminate();
    }
    await Promise.all(Array.from(this.#workers.keys(), (worker) => worker.terminate()));
  }

  async #hashInWorkers(
    batches: readonly (readonly string[])[],
    Thread: typeof Worker,
    { signal, onProgress }: HashOptions,
  ): Promise<readonly HashOutcome[]> {
    const watch = new HashWatch();
    let cancel = (): void => undefined;
    const cancelled = new Promise<never>((_resolve, reject) => {
      cancel = () => {
        this.#giveUp(watch, Thread);
        reject(cancelledError(signal));
      };
    });
    signal?.addEventListener('abort', cancel, { once: true });
    const ticks = onProgress && setInterval(() => onProgress(watch.progress()), PROGRESS_MS).unref();
    try {
      const answers = Promise.all(batches.map((paths) => this.#submit(paths, watch, Thread)));
      return (await Promise.race([answers, cancelled])).flat();
    } finally {
      clearInterval(ticks);
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** What waits is not begun, and nobody waits for a worker that cannot stop, because a read hangs; only an exit does. */
  #giveUp(watch: HashWatch, Thread: typeof Worker): void {
    watch.cancel();
    const isGivenUp = (batch: HashBatch): boolean => batch.watched === watch.memory;
    for (const batch of this.#queue.filter(isGivenUp)) this.#waiting.delete(batch.id);
    this.#queue.splice(0, Infinity, ...this.#queue.filter((batch) => !isGivenUp(batch)));
    for (const [worker, batch] of this.#workers) {
      if (batch === undefined || !isGivenUp(batch)) continue;
      this.#waiting.delete(batch.id);
      worker.unref();
      if (this.#calledOff.has(worker)) continue;
      this.#calledOff.set(worker, setTimeout(() => this.#leaveHanging(worker, Thread), this.#hangMs).unref());
    }
  }

  /** Another takes its place, unless as many hang already as may work: each costs a thread for as long as its file system does not answer. */
  #leaveHanging(worker: Worker, Thread: typeof Worker): void {
    if (this.#nHanging >= this.#nWorkers) return;
    this.#nHanging += 1;
    worker.once('exit', () => (this.#nHanging -= 1));
    this.#forget(worker);
    void worker.terminate();
    this.#dispatch(Thread);
  }

  #forget(worker: Worker): void {
    this.#workers.delete(worker);
    this.#backAgain(worker);
  }

  #backAgain(worker: Worker): void {
    clearTimeout(this.#calledOff.get(worker));
    this.#calledOff.delete(worker);
  }

  #submit(
    paths: readonly string[],
    { memory: watched }: HashWatch,
    Thread: typeof Worker,
  ): Promise<readonly HashOutcome[]> {
    const batch: HashBatch = { id: this.#nextId++, paths, watched };
    return new Promise((resolve) => {
      this.#waiting.set(batch.id, resolve);
      this.#queue.push(batch);
      this.#dispatch(Thread);
    });
  }

  #dispatch(Thread: typeof Worker): void {
    const isAnyFree = [...this.#workers.values()].includes(undefined);
    if (this.#queue.length > 0 && !isAnyFree && this.#workers.size < this.#nWorkers)
      this.#startWorker(Thread);
    for (const [worker, current] of this.#workers) {
      if (current !== undefined) continue;
      const batch = this.#queue.shift();
      if (batch === undefined) return;
      this.#workers.set(worker, batch);
      // The loop must stay alive while an answer is due.
      worker.ref();
      worker.postMessage(batch);
    }
    if (this.#queue.length > 0) for (const timer of this.#calledOff.values()) timer.ref();
  }

  #startWorker(Thread: typeof Worker): void {
    const worker = new Thread(new URL('./hash-worker.ts', import.meta.url));
    this.#workers.set(worker, undefined);
    worker.on('message', (answer: HashedBatch) => {
      if (!this.#workers.has(worker)) return; // it hung, and another has its place
      this.#backAgain(worker);
      this.#workers.set(worker, undefined);
      worker.unref();
      this.#settle(answer.id, answer.outcomes);
      this.#dispatch(Thread);
    });
    worker.once('error', () => undefined); // its exit follows
    worker.once('exit', () => this.#replace(worker));
    // Last: Node lets a new listener keep the loop alive, for as long as the worker gets no batch.
    worker.unref();
  }

  /** A worker that died, or never started, leaves its batch to this thread. */
  #replace(worker: Worker): void {
    const batch = this.#workers.get(worker);
    this.#forget(worker);
    if (batch !== undefined) this.#hashHere(batch);
    if (this.#workers.size > 0) return;
    for (const queued of this.#queue.splice(0)) this.#hashHere(queued);
  }

  #hashHere({ id, paths }: HashBatch): void {
    if (this.#waiting.has(id))
      this.#settle(
        id,
        paths.map((path) => hashFile(path)),
      );
  }

  #settle(id: number, outcomes: readonly HashOutcome[]): void {
    this.#waiting.get(id)?.(outcomes);
    this.#waiting.delete(id);
  }
}

/** Gives way to the event loop between slices. */
async function hashInline(
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly HashOutcome[]> {
  const outcomes: HashOutcome[] = [];
  for (const [index, path] of paths.entries()) {
    if (index % 64 === 63) await nextTurn();
    throwIfCancelled(signal);
    outcomes.push(hashFile(path));
  }
  return outcomes;
}

function batchesOf(jobs: readonly HashJob[]): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let current: string[] = [];
  let sizeBytes = 0;
  for (const job of jobs) {
    if (current.length >= BATCH_FILES || (current.length > 0 && sizeBytes + job.sizeBytes > BATCH_BYTES)) {
      batches.push(current);
      current = [];
      sizeBytes = 0;
    }
    current.push(job.path);
    sizeBytes += job.sizeBytes;
  }
  if (current.length > 0) batches.push(current);
  return batches;
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelledError(signal);
}

function cancelledError(signal: AbortSignal | undefined): NaruError {
  return new NaruError('cancelled', 'E_CANCELLED', 'hashing was cancelled', { cause: signal?.reason });
}
