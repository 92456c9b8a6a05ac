/**
 * Runs layer jobs in worker threads: as many at once as are asked for (a slow consumer must not hold up the others), three kept idle for the next: a step of a build has its size added up while layers are hashed and brought to disk.
 */

import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';

import type { Clamping } from './clamp-times.ts';
import { NaruError } from '../../core/errors.ts';
import {
  type FromWorker,
  fromSentError,
  type LayerJob,
  type LayerPlace,
  type LayerResult,
  type ToWorker,
  WINDOW_BYTES,
} from './layer-jobs.ts';

const MAX_IDLE = 3;

export class LayerThreads {
  private readonly idle: Worker[] = [];
  private readonly busy = new Set<Worker>();
  private isClosed = false;

  /** Extracts an uncompressed tar. The stream is destroyed when it fails. @throws NaruError "invalid-argument" for what the archive is guilty of, "cancelled" */
  async apply(place: LayerPlace, tar: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<LayerResult> {
    const run = this.start({ kind: 'apply', place });
    try {
      for await (const chunk of tar) {
        if (signal?.aborted === true)
          throw new NaruError('cancelled', 'E_CANCELLED', 'extracting a layer was cancelled');
        await run.give(chunk);
        if (run.isOver()) break;
      }
      run.post({ type: 'end' });
      return await run.result;
    } catch (error) {
      run.post({ type: 'abort' });
      await run.result.catch(() => undefined);
      throw error;
    }
  }

  /** The layer's tar. Destroying the stream ends the job. */
  export(place: LayerPlace): Readable {
    const run = this.start({ kind: 'export', place });
    const stream = new Readable({
      highWaterMark: WINDOW_BYTES / 2,
      read: () => run.resume(),
      destroy: (error, done) => {
        run.post({ type: 'abort' });
        done(error);
      },
    });
    run.onData((bytes) => stream.push(bytes));
    run.result.then(
      () => (stream.destroyed ? undefined : stream.push(null)),
      (error: Error) => stream.destroy(error),
    );
    return stream;
  }

  /** Digest of the layer's tar and size of its files. */
  async hash(place: LayerPlace): Promise<LayerResult> {
    return await this.start({ kind: 'hash', place }).result;
  }

  async sizeOfFiles(place: LayerPlace): Promise<number> {
    return (await this.start({ kind: 'size', place }).result).sizeBytes;
  }

  /** What was written to the file system of a directory is on disk afterwards. */
  async sync(directory: string): Promise<void> {
    await this.start({ kind: 'sync', directory }).result;
  }

  /** Removes directories with all that is in them, as far as it can be done. */
  async remove(paths: readonly string[]): Promise<void> {
    await this.start({ kind: 'remove', paths }).result;
  }

  async clampTimes(place: LayerPlace, clamping: Clamping): Promise<void> {
    await this.start({ kind: 'clamp', place, clamping }).result;
  }

  /** Ends all threads; running jobs fail. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.idle, ...this.busy].map((worker) => worker.terminate()));
  }

  private start(job: LayerJob): Run {
    if (this.isClosed) throw new NaruError('unavailable', 'E_ENGINE_CLOSED', 'the engine is stopping');
    // Paths go through /proc/self/fd, so descriptors that are opened by system call must be closable by node:fs.
    const worker =
      this.idle.pop() ??
      new Worker(new URL('./layer-worker.ts', import.meta.url), { trackUnmanagedFds: false });
    worker.ref();
    this.busy.add(worker);
    const run = new Run(worker);
    const release = (): void => {
      this.busy.delete(worker);
      run.detach();
      if (run.isLost() || this.isClosed || this.idle.length >= MAX_IDLE) void worker.terminate();
      else this.idle.push(worker);
      worker.unref();
    };
    run.result.then(release, release);
    run.post({ type: 'job', job });
    return run;
  }
}

interface Settle {
  readonly resolve: (result: LayerResult) => void;
  readonly reject: (error: Error) => void;
}

/** One job on one worker. */
class Run {
  readonly result: Promise<LayerResult>;
  private readonly worker: Worker;
  private state: 'running' | 'over' | 'lost' = 'running';
  private readonly settle: Settle;
  private bytesOnTheWay = 0;
  private unusedCredit = 0;
  private wake: (() => void) | undefined;
  private takeData: ((bytes: Uint8Array) => boolean) | undefined;

  constructor(worker: Worker) {
    this.worker = worker;
    let settle: Settle = { resolve: () => undefined, reject: () => undefined };
    this.result = new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
    this.settle = settle;
    worker.on('message', this.onMessage);
    worker.on('error', this.onLost);
    worker.on('exit', this.onExit);
  }

  isOver(): boolean {
    return this.state !== 'running';
  }

  isLost(): boolean {
    return this.state === 'lost';
  }

  post(message: ToWorker): void {
    if (this.state === 'running') this.worker.postMessage(message);
  }

  /** Sends a chunk and waits while too much is on the way. */
  async give(chunk: Uint8Array): Promise<void> {
    // Posting a view would copy all the memory behind it.
    const bytes = new Uint8Array(chunk);
    if (this.state === 'running')
      this.worker.postMessage({ type: 'data', bytes } satisfies ToWorker, [bytes.buffer]);
    this.bytesOnTheWay += chunk.length;
    while (this.bytesOnTheWay > WINDOW_BYTES && !this.isOver()) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  onData(take: (bytes: Uint8Array) => boolean): void {
    this.takeData = take;
  }

  /** The consumer wants more: what it was given counts as used. */
  resume(): void {
    if (this.unusedCredit === 0) return;
    this.post({ type: 'credit', nBytes: this.unusedCredit });
    this.unusedCredit = 0;
  }

  detach(): void {
    this.worker.off('message', this.onMessage);
    this.worker.off('error', this.onLost);
    this.worker.off('exit', this.onExit);
  }

  private readonly onMessage = (message: FromWorker): void => {
    switch (message.type) {
      case 'data':
        this.unusedCredit += message.bytes.length;
        if (this.takeData?.(message.bytes) === true) this.resume();
        return;
      case 'credit':
        this.bytesOnTheWay -= message.nBytes;
        this.wake?.();
        return;
      case 'done':
        this.state = 'over';
        this.settle.resolve(message.result);
        this.wake?.();
        return;
      case 'failed':
        this.state = 'over';
        this.settle.reject(fromSentError(message.error));
        this.wake?.();
    }
  };

  private readonly onLost = (error: Error): void => {
    this.state = 'lost';
    this.settle.reject(error);
    this.wake?.();
  };

  private readonly onExit = (): void => {
    this.onLost(new NaruError('unavailable', 'E_LAYER_THREAD', 'the thread that works on layers ended'));
  };
}
