/**
 * Looks at build contexts of clients on this machine (core/protocol/context-look.ts), in a thread that starts with the first one and ends when it was idle for a while.
 * Who can ask may mount any directory into a container as well, so there is nothing more to be learned here.
 */

import { Worker } from 'node:worker_threads';

import type { ContextLookAnswer, ContextLookRequest } from '../../core/protocol/context-look.ts';
import { fileView } from '../../local/file-view.ts';
import type { LookResult, ToLookWorker } from './look-worker.ts';

export interface ContextLooksOptions {
  /** A directory with more below it is not looked at to the end; each entry takes some 200 bytes meanwhile. */
  readonly maxEntries?: number;
  /** Further looks at the same time are refused. */
  readonly maxWaiting?: number;
  /** How long the thread is kept for the next look. */
  readonly idleMs?: number;
}

/** Name of the thread, as `/proc` has it. */
export const LOOK_THREAD = 'context-looks';

export class ContextLooks {
  readonly #maxEntries: number;
  readonly #maxWaiting: number;
  readonly #idleMs: number;
  readonly #waiting = new Map<number, (answer: ContextLookAnswer) => void>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #nextId = 0;
  #isClosed = false;

  constructor({ maxEntries = 1_000_000, maxWaiting = 8, idleMs = 60_000 }: ContextLooksOptions = {}) {
    this.#maxEntries = maxEntries;
    this.#maxWaiting = maxWaiting;
    this.#idleMs = idleMs;
  }

  /** Empty where the client may see other files than this engine, where looking does not help or takes too much, and when the signal aborts. */
  async look({ view, directory }: ContextLookRequest, signal: AbortSignal): Promise<ContextLookAnswer> {
    if (this.#isClosed || signal.aborted || this.#waiting.size >= this.#maxWaiting) return {};
    if (view !== fileView() || !directory.startsWith('/')) return {};
    const id = this.#nextId++;
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    const post = (message: ToLookWorker): void => worker.postMessage(message);
    const cancel = (): void => post({ kind: 'cancel', id });
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await new Promise((resolve) => {
        this.#waiting.set(id, resolve);
        post({ kind: 'look', id, directory, maxEntries: this.#maxEntries });
      });
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./look-worker.ts', import.meta.url), {
      name: LOOK_THREAD,
      trackUnmanagedFds: false,
    });
    worker.unref();
    worker.on('message', ({ id, seen }: LookResult) => this.#answer(id, seen === undefined ? {} : { seen }));
    worker.on('error', () => undefined); // its end follows
    worker.on('exit', () => {
      if (this.#worker !== worker) return; // ended here, and nobody waits for it
      this.#worker = undefined;
      for (const id of this.#waiting.keys()) this.#answer(id, {});
    });
    return worker;
  }

  #answer(id: number, answer: ContextLookAnswer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#endIdle(), this.#idleMs).unref();
  }

  #endIdle(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }
}
