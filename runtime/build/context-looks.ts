/**
 * Looks at build contexts of clients on this machine (core/protocol/context-look.ts), in a thread that starts with the first one.
 * Who can ask may mount any directory into a container as well, so there is nothing more to be learned here.
 */

import { Worker } from 'node:worker_threads';

import type { ContextLookAnswer, ContextLookRequest } from '../../core/protocol/context-look.ts';
import { fileView } from '../../local/file-view.ts';
import type { LookJob, LookResult } from './look-worker.ts';

export class ContextLooks {
  readonly #waiting = new Map<number, (answer: ContextLookAnswer) => void>();
  #worker: Worker | undefined;
  #nextId = 0;
  #isClosed = false;

  /** Empty where the client may see other files than this engine, and where looking does not help. */
  look({ view, directory }: ContextLookRequest): Promise<ContextLookAnswer> {
    if (this.#isClosed || view !== fileView() || !directory.startsWith('/')) return Promise.resolve({});
    const job: LookJob = { id: this.#nextId++, directory };
    return new Promise((resolve) => {
      this.#waiting.set(job.id, resolve);
      this.#worker ??= this.#start();
      this.#worker.postMessage(job);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./look-worker.ts', import.meta.url), { trackUnmanagedFds: false });
    worker.unref();
    worker.on('message', ({ id, seen }: LookResult) => this.#answer(id, seen === undefined ? {} : { seen }));
    worker.on('error', () => undefined); // its end follows
    worker.on('exit', () => {
      this.#worker = undefined;
      for (const id of this.#waiting.keys()) this.#answer(id, {});
    });
    return worker;
  }

  #answer(id: number, answer: ContextLookAnswer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }
}
