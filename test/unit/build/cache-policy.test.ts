/** What is removed of a build cache, and in which order. */

import assert from 'node:assert/strict';

import fc from 'fast-check';

import {
  cacheBytes,
  type CachedItem,
  type CacheLimits,
  itemsToRemove,
} from '../../../core/build/cache-policy.ts';

/** `name<parent bytes@age!*`: `!` in use, `*` shared. */
function read(text: string): readonly CachedItem[] {
  return text.split(/, */).map((part) => {
    const match = /^(\w+)(?:<(\w+))? (\d+)@(\d+)(!?)(\*?)$/.exec(part);
    assert.ok(match, part);
    const [, id = '', parent, bytes, age, isInUse, isShared] = match;
    return {
      id,
      ...(parent === undefined ? {} : { parent }),
      bytes: Number(bytes),
      lastUsedMs: Number(age),
      isInUse: isInUse === '!',
      isShared: isShared === '*',
    };
  });
}

interface Case {
  readonly behaviour: string;
  readonly items: string;
  readonly limits?: Partial<CacheLimits>;
  readonly removed: string;
}

const CASES: readonly Case[] = [
  { behaviour: 'takes all that may go without a limit', items: 'a 1@5, b<a 1@6, c 0@1', removed: 'c b a' },
  {
    behaviour: 'takes the least recently used until the limit is met',
    items: 'a 10@3, b 10@1, c 10@2',
    limits: { maxBytes: 15 },
    removed: 'b c',
  },
  { behaviour: 'takes things of one age by their names', items: 'c 1@1, a 1@1, b 1@1', removed: 'a b c' },
  {
    behaviour: 'takes things of one age by their names, whatever the order they are told in',
    items: 'a 1@1, b 1@1, c 1@1',
    removed: 'a b c',
  },
  {
    behaviour: 'takes a base at its age once nothing stands on it',
    items: 'base 1@5, top<base 1@1, c 1@3, d 1@7, e 1@9',
    removed: 'top c base d e',
  },
  {
    behaviour: 'takes a base at its age and name',
    items: 'm 1@5, top<m 1@1, c 1@5, z 1@5',
    removed: 'top c m z',
  },
  { behaviour: 'takes nothing below the limit', items: 'a 10@3', limits: { maxBytes: 10 }, removed: '' },
  {
    behaviour: 'takes what stands on something before it, however new',
    items: 'old 10@1, new<old 10@9, other 10@5',
    limits: { maxBytes: 20 },
    removed: 'other',
  },
  {
    behaviour: 'takes a base as soon as nothing stands on it',
    items: 'base 10@1, top<base 10@2, other 10@3',
    limits: { maxBytes: 10 },
    removed: 'top base',
  },
  {
    behaviour: 'leaves what is in use, and what that stands on',
    items: 'base 10@1, used<base 10@2!, other 10@3',
    removed: 'other',
  },
  {
    behaviour: 'leaves what an image has, and does not count it',
    items: 'a 100@1*, b 10@2, c 10@3',
    limits: { maxBytes: 10 },
    removed: 'b',
  },
  {
    behaviour: 'forgets what an image has when asked',
    items: 'a 100@1*, b<a 10@2',
    limits: { includesShared: true },
    removed: 'b a',
  },
  {
    behaviour: 'leaves what was used since',
    items: 'a 10@1, b 10@5, c<a 10@6',
    limits: { unusedSinceMs: 5 },
    removed: '',
  },
  {
    behaviour: 'takes what was not used since, down to the limit',
    items: 'a 10@1, b 10@2, c 10@9',
    limits: { unusedSinceMs: 5, maxBytes: 25 },
    removed: 'a',
  },
];

describe('cache policy', () => {
  for (const { behaviour, items, limits, removed } of CASES) {
    it(behaviour, () => {
      assert.equal(itemsToRemove(read(items), { includesShared: false, ...limits }).join(' '), removed);
    });
  }

  it('never takes what may not go, never a base before what stands on it, and stops in time', () => {
    const item = fc.record({
      below: fc.option(fc.nat(30), { nil: undefined }),
      bytes: fc.nat(20),
      lastUsedMs: fc.nat(10),
      isInUse: fc.boolean(),
      isShared: fc.boolean(),
    });
    const limits = fc.record(
      { maxBytes: fc.nat(200), unusedSinceMs: fc.nat(12), includesShared: fc.boolean() },
      { requiredKeys: ['includesShared'] },
    );
    fc.assert(
      fc.property(fc.array(item, { maxLength: 30 }), limits, (drawn, limits) => {
        const items: readonly CachedItem[] = drawn.map(({ below, ...rest }, at) => {
          const hasParent = below !== undefined && below < at;
          return { id: String(at), ...(hasParent ? { parent: String(below) } : {}), ...rest };
        });
        const left = new Map(items.map((one) => [one.id, one]));
        const mayGo = (one: CachedItem): boolean =>
          !one.isInUse &&
          (limits.includesShared || !one.isShared) &&
          one.lastUsedMs < (limits.unusedSinceMs ?? 100) &&
          ![...left.values()].some(({ parent }) => parent === one.id);
        const isTooMuch = (): boolean => cacheBytes(left.values()) > (limits.maxBytes ?? -1);
        for (const id of itemsToRemove(items, limits)) {
          const one = left.get(id);
          assert.ok(one !== undefined && mayGo(one) && isTooMuch(), id);
          const older = [...left.values()].filter(
            (other) => mayGo(other) && other.lastUsedMs < one.lastUsedMs,
          );
          assert.deepEqual(older, []);
          left.delete(id);
        }
        assert.ok(!isTooMuch() || ![...left.values()].some(mayGo));
      }),
    );
  });
});
