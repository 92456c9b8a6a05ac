/**
 * Looks at build contexts of clients on this machine (core/protocol/context-look.ts), in a thread that starts with the first one and ends when it was idle for a while.
 * Who can ask may mount any directory into a container as well, so there is nothing more to be learned here.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import type { ContextLookAnswer, ContextLookRequest } from '../../core/protocol/context-look.ts';
import { fileView } from '../../local/file-view.ts';
import type { FromLookWorker, ToLookWorker } from './look-worker.ts';

export interface ContextLooksOptions {
  /** A directory with more below it is not looked at to the end; each entry takes some 200 bytes meanwhile. */
  readonly maxEntries?: number;
  /** Further looks at the same time are refused. */
  readonly maxWaiting?: number;
  /** How long the thread is kept for the next look. */
  readonly idleMs?: number;
  /** A thread that does not answer for so long hangs in a file system that does not answer, and is given up. */
  readonly hangMs?: number;
}

const CLOSE_MS = 1000;

/** Name of the thread, as `/proc` has it. */
export const LOOK_THREAD = 'context-looks';

export class ContextLooks {
  readonly #maxEntries: number;
  readonly #maxWaiting: number;
  readonly #idleMs: number;
  readonly #hangMs: number;
  readonly #waiting = new Map<number, (answer: ContextLookAnswer) => void>();
  /** At a file system that does not answer. */
  readonly #hanging = new Map<number, { readonly end: (answer: ContextLookAnswer) => void }>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** While somebody waits. */
  #watch: NodeJS.Timeout | undefined;
  /** Since the last tick of the watch. */
  #isHeardOf = false;
  #nHangingThreads = 0;
  /** Looks that the thread has not ended yet, though nobody wants them. */
  readonly #calledOff = new Set<number>();
  #nextId = 0;
  #isClosed = false;

  constructor({
    maxEntries = 1_000_000,
    maxWaiting = 8,
    idleMs = 60_000,
    hangMs = 5000,
  }: ContextLooksOptions = {}) {
    this.#maxEntries = maxEntries;
    this.#maxWaiting = maxWaiting;
    this.#idleMs = idleMs;
    this.#hangMs = hangMs;
  }

  /** Empty where the client may see other files than this engine, where looking does not help, takes too much or hangs, and when the signal aborts. */
  async look({ view, directory }: ContextLookRequest, signal: AbortSignal): Promise<ContextLookAnswer> {
    if (this.#isClosed || signal.aborted) return {};
    const counts = [this.#waiting.size, this.#hanging.size, this.#nHangingThreads];
    if (counts.some((n) => n >= this.#maxWaiting)) return {};
    if (view !== fileView() || !directory.startsWith('/')) return {};
    const id = this.#nextId++;
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    const post = (message: ToLookWorker): void => worker.postMessage(message);
    const cancel = (): void => {
      post({ kind: 'cancel', id });
      this.#calledOff.add(id);
      this.#hanging.get(id)?.end({}); // nobody waits for a thread that hangs
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await new Promise((resolve) => {
        this.#waiting.set(id, resolve);
        post({ kind: 'look', id, directory, maxEntries: this.#maxEntries });
        this.#watch ??= this.#watchOver();
      });
    } finally {
      signal.removeEventListener('abort', cancel);
      this.#calledOff.delete(id);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    clearInterval(this.#watch);
    const worker = this.#worker;
    // One that hangs does not end before its file system answers.
    await Promise.race([worker?.terminate(), delay(CLOSE_MS, undefined, { ref: false })]);
    if (worker !== undefined && this.#worker === worker) this.#giveUp();
    for (const { end } of this.#hanging.values()) end({});
  }

  /** Threads hang at a file system that does not answer: the process could not end in the usual way, which waits for them. */
  get isHanging(): boolean {
    return this.#nHangingThreads > 0;
  }

  #watchOver(): NodeJS.Timeout {
    this.#isHeardOf = true;
    return setInterval(() => {
      if (!this.#isHeardOf) return this.#giveUp();
      this.#isHeardOf = false;
      this.#worker?.postMessage({ kind: 'ping' } satisfies ToLookWorker);
    }, this.#hangMs / 2).unref();
  }

  /**
   * The next look gets another thread.
   * One that is alone with the thread that hangs goes on waiting: its client would hang as well, and could not be interrupted. Of several, nobody knows which it is.
   */
  #giveUp(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker === undefined) return;
    this.#nHangingThreads += 1;
    worker.once('exit', () => (this.#nHangingThreads -= 1));
    for (const id of this.#calledOff) this.#answer(id, {});
    const [only, another] = this.#waiting;
    if (only !== undefined && another === undefined && !this.#isClosed) {
      const [id, resolve] = only;
      const end = (answer: ContextLookAnswer): void => {
        this.#hanging.delete(id);
        void worker.terminate();
        resolve(answer);
      };
      this.#hanging.set(id, { end });
      this.#waiting.delete(id);
      this.#rest();
    } else {
      void worker.terminate();
      for (const id of this.#waiting.keys()) this.#answer(id, {});
    }
  }

  #start(): Worker {
    const worker = new Worker(new URL('./look-worker.ts', import.meta.url), {
      name: LOOK_THREAD,
      trackUnmanagedFds: false,
    });
    worker.on('message', (message: FromLookWorker) => {
      if (message.kind === 'result') {
        const { id, seen } = message;
        this.#answer(id, seen === undefined ? {} : { seen });
      }
      if (this.#worker === worker) this.#isHeardOf = true;
    });
    worker.on('error', () => undefined); // its end follows
    worker.on('exit', () => {
      if (this.#worker !== worker) return; // ended here, and nobody waits for it
      this.#worker = undefined;
      for (const id of this.#waiting.keys()) this.#answer(id, {});
    });
    worker.unref(); // last: Node lets a new listener keep the loop alive
    return worker;
  }

  #answer(id: number, answer: ContextLookAnswer): void {
    this.#hanging.get(id)?.end(answer);
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
    this.#rest();
  }

  #rest(): void {
    if (this.#waiting.size > 0) return;
    clearInterval(this.#watch);
    this.#watch = undefined;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#endIdle(), this.#idleMs).unref();
  }

  #endIdle(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }
}
