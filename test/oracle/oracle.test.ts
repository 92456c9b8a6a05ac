/**
 * The steps that run after one edit, compared with what BuildKit was measured to do: 160 edits.
 * Each second build is compared with a clean one, and with what its preview said (checked-build.ts); downloads are asked for on an engine (test/system/build).
 */

import assert from 'node:assert/strict';

import { HashPool } from '../../local/hash-pool.ts';
import { baseImages } from '../unit/build/base-images.ts';
import { checkedBuild } from '../unit/build/checked-build.ts';
import { MemoryCache, type MemoryImage } from '../unit/build/memory-builder.ts';
import { skipBecause } from '../support/skip.ts';
import { FIXTURES } from './fixtures.ts';
import { expectedRuns, type BaseName, type OracleEdit, type OracleFixture } from './oracle-edit.ts';
import { replay } from './replay.ts';

const hashPool = new HashPool({ nWorkers: 1 });

after(() => hashPool.dispose());

for (const fixture of FIXTURES) {
  describe(`oracle: ${fixture.name}`, () => {
    for (const edit of fixture.edits.filter(({ needs }) => needs !== 'a server')) {
      const runs = expectedRuns(edit);
      const note = edit.ours === undefined ? '' : ` (${edit.ours.because})`;
      it(`${edit.name}: ${runs.length === 0 ? 'nothing runs' : runs.join(', ')}${note}`, async function () {
        if (edit.needs === 'root' && process.getuid?.() !== 0) skipBecause(this, 'needs root');
        await check(fixture, edit);
      });
    }
  });
}

describe('oracle', () => {
  it('has the 160 edits that were measured', () => {
    assert.deepEqual(
      FIXTURES.map(({ edits }) => edits.length),
      [99, 18, 13, 30],
    );
  });

  it('runs nothing that BuildKit keeps, but for what is told', () => {
    const edits = FIXTURES.flatMap((fixture) => fixture.edits);
    const more = edits.filter((edit) => expectedRuns(edit).some((step) => !edit.buildkit.includes(step)));
    assert.deepEqual(
      more.map(({ name, ours }) => `${name}: ${ours?.kind}`),
      ['mode of a directory: stale', 'content with the same size and time: stale', 'SOURCE_DATE_EPOCH: more'],
    );
  });
});

async function check(fixture: OracleFixture, edit: OracleEdit): Promise<void> {
  const cache = new MemoryCache();
  const ran = await replay(withoutServer(fixture), withoutServer(edit), hashPool, async (build) => {
    const request = { ...build, images: imagesOf(build.base) };
    return (await checkedBuild(request, cache)).steps;
  });
  const expected = expectedRuns(edit).filter((step) => step !== 'c.http');
  assert.deepEqual([...ran].sort(), [...expected].sort());
}

function imagesOf(base: BaseName): ReadonlyMap<string, MemoryImage> {
  const images = baseImages();
  const image = images.get(base);
  return image === undefined ? images : new Map([...images, ['base', image]]);
}

/** Nothing can be downloaded in memory. */
function withoutServer<T extends { readonly dockerfile?: string }>(project: T): T {
  const text = project.dockerfile?.replace(/# c\.http\nADD .*\n/, '');
  return text === undefined ? project : { ...project, dockerfile: text };
}
