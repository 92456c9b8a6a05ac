/** When the build cache cleans up, and what it asks for. */

import assert from 'node:assert/strict';

import { CacheGc, type GcClock } from '../../../runtime/build/cache-gc.ts';
import { cacheLimits } from '../../../runtime/build/cache-limits.ts';
import type { CacheItem } from '../../../runtime/build/cache-items.ts';
import type { PruneRequest } from '../../../runtime/build/cache-keeper.ts';
import { readOptions } from '../../../runtime/options.ts';
import { until } from '../../support/until.ts';

const HOUR_MS = 3600 * 1000;

/** Time that passes when it is told to. */
function manualClock(): GcClock & { pass(ms: number): void } {
  let nowMs = Date.parse('2026-06-01T00:00:00Z');
  const waiting = new Set<{ readonly atMs: number; readonly work: () => void }>();
  return {
    now: () => new Date(nowMs),
    after: (delayMs, work) => {
      const entry = { atMs: nowMs + delayMs, work };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
    pass: (ms) => {
      nowMs += ms;
      for (const entry of waiting) {
        if (entry.atMs > nowMs) continue;
        waiting.delete(entry);
        entry.work();
      }
    },
  };
}

function context(id: string, lastUsedMs: number): CacheItem {
  const state = { bytes: 1, isShared: false, isInUse: false, nBuilds: 1 };
  return { id, type: 'source.local', description: '', createdAt: new Date(0), lastUsedMs, ...state };
}

describe('cache gc', () => {
  const limits = { maxBytes: 1000, maxAgeMs: 100 * HOUR_MS };

  function open(items: readonly CacheItem[] = [], prune?: () => Promise<void>) {
    const clock = manualClock();
    const sweeps: (readonly PruneRequest[])[] = [];
    const problems: unknown[] = [];
    const keeper = {
      items: async () => items,
      prune: async (requests: readonly PruneRequest[]) => {
        sweeps.push(requests);
        await prune?.();
        return { removed: [], bytes: 0 };
      },
    };
    const gc = new CacheGc({ keeper, limits, clock, onProblem: (_message, cause) => problems.push(cause) });
    return { gc, clock, sweeps, problems };
  }

  it('sweeps once after the last of several builds, and every hour', async () => {
    const { gc, clock, sweeps } = open();
    const [one, other] = [gc.buildBegan(), gc.buildBegan()];
    one();
    clock.pass(10_000);
    assert.equal(sweeps.length, 0);
    other();
    clock.pass(10_000);
    await until('the sweep after the builds', () => sweeps.length === 1);
    await gc.close();
    clock.pass(2 * HOUR_MS);
    assert.equal(sweeps.length, 1);

    const regular = open();
    for (const n of [1, 2]) {
      regular.clock.pass(HOUR_MS);
      await until('the hourly sweep', () => regular.sweeps.length === n);
      await new Promise(setImmediate); // the next one is appointed
    }
    await regular.gc.close();
  });

  it('goes on after a sweep that failed, and says so', async () => {
    const { gc, clock, sweeps, problems } = open([], () => Promise.reject(new Error('disk')));
    clock.pass(HOUR_MS);
    await until('the failure', () => problems.length === 1);
    await new Promise(setImmediate);
    clock.pass(HOUR_MS);
    await until('the next sweep', () => sweeps.length === 2);
    await gc.close();
  });

  it('asks for surplus and old contexts, then for what is too old, then for what is too much', async () => {
    const items = Array.from({ length: 10 }, (_, at) => context(`c${at}`, at));
    const { gc, clock, sweeps } = open(items);
    clock.pass(HOUR_MS);
    await until('the sweep', () => sweeps.length === 1);
    await gc.close();
    const now = clock.now().getTime();
    const [surplus, old, unused, size] = sweeps[0] ?? [];
    assert.deepEqual(
      items.filter((item) => surplus?.matches?.(item)).map(({ id }) => id),
      ['c0', 'c1'],
    );
    assert.equal(now - (old?.unusedSince?.getTime() ?? 0), 48 * HOUR_MS);
    assert.deepEqual(
      [old?.matches?.(context('c', 0)), old?.matches?.({ ...context('c', 0), type: 'regular' })],
      [true, false],
    );
    assert.equal(now - (unused?.unusedSince?.getTime() ?? 0), limits.maxAgeMs);
    assert.deepEqual(size, { all: false, keepBytes: 1000 });
    assert.ok(sweeps[0]?.every(({ all }) => !all));
  });

  it('takes its limits from the command line', () => {
    const base = ['--root', '/r', '--listen', 'unix:///s'];
    const read = (...args: string[]) => cacheLimits(readOptions([...base, ...args])?.cache ?? {}, '/');
    assert.deepEqual(read('--cache-size', '20g', '--cache-age', '48h'), {
      maxBytes: 20 * 1024 ** 3,
      maxAgeMs: 48 * HOUR_MS,
    });
    assert.deepEqual(read('--cache-size', '0', '--cache-age', '0'), {
      maxBytes: Infinity,
      maxAgeMs: Infinity,
    });
    const { maxBytes, maxAgeMs } = read();
    assert.ok(maxBytes >= 2e9 && maxBytes <= 100e9, String(maxBytes));
    assert.equal(maxAgeMs, 1440 * HOUR_MS);
    assert.throws(() => read('--cache-size', 'much'), /--cache-size must be a size such as 20g, not "much"/);
    assert.throws(() => read('--cache-age', '3 days'), /--cache-age must be a duration such as 168h/);
  });
});
