/**
 * Random projects through random edits, in memory: a cached build equals a clean one, and the preview said what it would do.
 * `npm test` tries a part, the full run 100,000 pairs of a project and an edit; NARU_FUZZ_RUNS chooses another number of histories.
 */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import fc from 'fast-check';

import { contextTree } from '../../../core/context/context-tree.ts';
import { readIgnoreFile } from '../../../core/context/ignore.ts';
import { memoryTree } from '../../../core/context/memory-tree.ts';
import type { Digest } from '../../../core/oci/digest.ts';
import { baseImages } from '../../unit/build/base-images.ts';
import { checkedBuild } from '../../unit/build/checked-build.ts';
import { MemoryCache } from '../../unit/build/memory-builder.ts';
import { readyFor, type Situation } from './edit-kinds.ts';
import { edit, EditHistogram, type RandomEdit, situation } from './histories.ts';
import { randomBuildOptions } from './random-options.ts';
import { dockerfileText } from './random-project.ts';

/** Histories; each makes up to four edits, two and a half on average. */
const nRuns = Number(
  process.env['NARU_FUZZ_RUNS'] ?? (process.env['NARU_TEST_FULL'] === undefined ? '1500' : '40000'),
);

const AMD64 = { os: 'linux', architecture: 'amd64' };

/** With fewer histories chance alone leaves kinds out. */
const ENOUGH_FOR_ALL_KINDS = 1500;

describe(`builds of ${nRuns} random projects`, () => {
  const histogram = new EditHistogram();

  it('a cached build equals a clean one, and the preview said what it would do', async () => {
    await fc.assert(
      fc.asyncProperty(situation, fc.array(edit, { minLength: 1, maxLength: 4 }), (first, edits) =>
        checkHistory(first, edits, histogram),
      ),
      { numRuns: nRuns },
    );
  }).timeout(0);

  it('after at least 20 edits of each of more than 40 kinds', function () {
    histogram.print();
    if (nRuns < ENOUGH_FOR_ALL_KINDS) this.skip();
    const counts = histogram.counts();
    assert.ok(counts.length > 40);
    assert.deepEqual(
      counts.filter(([, count]) => count < 20),
      [],
    );
  });
});

async function checkHistory(
  first: Situation,
  edits: readonly RandomEdit[],
  histogram: EditHistogram,
): Promise<void> {
  const cache = new MemoryCache();
  let now = first;
  await checkBuild(now, cache);
  for (const change of edits) {
    const ready = readyFor(change.kind, now, change.at);
    if (ready !== now) await checkBuild(ready, cache);
    now = histogram.apply(ready, change) ?? ready;
    if (change.at % 3 === 0) cache.prune(({ key }) => isPruned(key, change.at));
    await checkBuild(now, cache);
  }
}

/** Half of all keys, others each time. */
function isPruned(key: Digest, at: number): boolean {
  return createHash('sha256').update(`${at} ${key}`).digest().readUInt8() < 128;
}

async function checkBuild({ project, options }: Situation, cache: MemoryCache): Promise<void> {
  const dockerfile = dockerfileText(project, options.base);
  const context = contextTree(memoryTree(project.files), readIgnoreFile(project.ignore).value.matcher);
  const request = {
    dockerfile,
    context,
    images: baseImages(),
    options: randomBuildOptions({ project, options }, AMD64),
  };
  await checkedBuild(request, cache);
}
