/**
 * Keeps the build cache within its limits by itself: a while after the last build ended, and every hour.
 * Why these limits: docs/decisions/0045-cache-limits.md.
 */

import type { CacheKeeper, PruneRequest } from './cache-keeper.ts';

export interface CacheGcLimits {
  /** Bytes that the cache alone may keep; Infinity: no limit. */
  readonly maxBytes: number;
  /** What no build used for so long goes; Infinity: no limit. */
  readonly maxAgeMs: number;
}

/** Time, so that tests need not wait for it. */
export interface GcClock {
  now(): Date;
  /** Calls once after so many milliseconds; the answer takes it back. Does not keep the process alive. */
  after(delayMs: number, work: () => void): () => void;
}

export interface CacheGcOptions {
  readonly keeper: Pick<CacheKeeper, 'prune' | 'items'>;
  readonly limits: CacheGcLimits;
  readonly clock: GcClock;
  readonly onProblem: (message: string, cause: unknown) => void;
}

/** Builds that follow each other at once are not disturbed. */
const AFTER_BUILD_MS = 2000;
const REGULAR_MS = 3600 * 1000;
/** A context can be sent again, so it is kept no longer than edits of one file are likely to follow each other. */
const CONTEXT_AGE_MS = 48 * 3600 * 1000;
/** Every edit makes a context; of what they have in common nothing is lost with the older ones. */
const MAX_CONTEXTS = 8;

/** One per engine. */
export class CacheGc {
  readonly #options: CacheGcOptions;
  readonly #closing = new AbortController();
  #takeBack: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();
  #nBuilds = 0;

  constructor(options: CacheGcOptions) {
    this.#options = options;
    this.#schedule(REGULAR_MS);
  }

  /** A build began; the answer says that it ended. */
  buildBegan(): () => void {
    this.#nBuilds += 1;
    return () => {
      this.#nBuilds -= 1;
      if (this.#nBuilds === 0) this.#schedule(AFTER_BUILD_MS);
    };
  }

  /** Resolves when nothing of it runs any more. Safe to repeat. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#takeBack?.();
    await this.#running;
  }

  #schedule(delayMs: number): void {
    this.#takeBack?.();
    if (this.#closing.signal.aborted) return;
    this.#takeBack = this.#options.clock.after(delayMs, () => {
      this.#running = this.#running.then(() => this.#sweep()).finally(() => this.#schedule(REGULAR_MS));
    });
  }

  async #sweep(): Promise<void> {
    const { keeper, clock, limits, onProblem } = this.#options;
    try {
      const contexts = (await keeper.items()).filter(({ type }) => type === 'source.local');
      const older = contexts.toSorted((a, b) => b.lastUsedMs - a.lastUsedMs).slice(MAX_CONTEXTS);
      const surplus = new Set(older.map(({ id }) => id));
      await keeper.prune(
        requestsOf(limits, clock.now(), (id) => surplus.has(id)),
        this.#closing.signal,
      );
    } catch (error) {
      // The next one tries again.
      onProblem('cleaning the build cache failed', error);
    }
  }
}

function requestsOf(
  { maxBytes, maxAgeMs }: CacheGcLimits,
  now: Date,
  isSurplus: (context: string) => boolean,
): readonly PruneRequest[] {
  const before = (ageMs: number): Date => new Date(Math.max(0, now.getTime() - ageMs));
  return [
    { all: false, matches: ({ id }) => isSurplus(id) },
    { all: false, unusedSince: before(CONTEXT_AGE_MS), matches: ({ type }) => type === 'source.local' },
    { all: false, unusedSince: before(maxAgeMs) },
    ...(Number.isFinite(maxBytes) ? [{ all: false, keepBytes: maxBytes }] : []),
  ];
}
