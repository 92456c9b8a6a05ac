/** Builds that race with each other and with removals of the cache: every build gives the right image, and rows and directories agree afterwards. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';

import { busyboxArchive } from '../../../scripts/base-images.ts';
import { makeRandom } from '../../bench/random.ts';
import { buildRequest } from '../../support/build-request.ts';
import { type EngineProcess, eventsOf, startEngine } from './engine-process.ts';
import { faultsOf } from './integrity.ts';
import { requestOf, statesOf, sync } from './synced.ts';

/** Three stages whose result is a function of the three numbers. */
function project(
  dep: number,
  file: number,
  step: number,
): { dockerfile: string; files: Record<string, string> } {
  const dockerfile = `FROM busybox AS dep
RUN --mount=type=cache,target=/c echo dep${dep} > /dep; echo x >> /c/x
RUN cat /dep /dep > /dep2
FROM busybox AS mid
COPY src /src
RUN cat /src/file > /mid
FROM busybox
RUN echo step${step} > /step
COPY --from=dep /dep2 /dep2
COPY --link --from=mid /mid /mid
RUN --mount=type=bind,from=mid,source=/src,target=/src cat /src/file /step /dep2 /mid > /sum
`;
  return { dockerfile, files: { 'src/file': `file${file}\n` } };
}

function sumOf(dep: number, file: number, step: number): string {
  return `file${file}\nstep${step}\ndep${dep}\ndep${dep}\nfile${file}\n`;
}

describe('builds that race with pruning', function () {
  this.timeout(300_000);
  let engine: EngineProcess;
  before(async () => {
    engine = await startEngine();
    await eventsOf(engine.lines('POST', '/images/load', fs.createReadStream(await busyboxArchive())));
  });
  after(() => engine.remove());

  /** Builds a random variant and reads its file in another build. */
  async function buildAndCheck(name: string, random: () => number): Promise<number> {
    const [dep = 0, file = 0, step = 0] = [random(), random(), random()].map((drawn) =>
      Math.floor(drawn * 2),
    );
    const { dockerfile, files } = project(dep, file, step);
    const { id } = await sync(engine, files);
    const events = await eventsOf(
      engine.lines('POST', '/naru/v1/builds', requestOf(dockerfile, id, { tags: [name] })),
    );
    assert.equal(events.at(-1)?.type, 'result', JSON.stringify(events.at(-1)));
    const request = buildRequest(`FROM ${name}\nRUN cat /sum\n`, {}, { noCache: true });
    const read = await eventsOf(engine.lines('POST', '/naru/v1/builds', request));
    assert.equal(read.at(-1)?.type, 'result', JSON.stringify(read.at(-1)));
    const output = read.map((event) => (event.type === 'log' ? event.text : '')).join('');
    assert.equal(output, sumOf(dep, file, step));
    return statesOf(events).filter((state) => state.endsWith('CACHED')).length;
  }

  it('gives the right image each time, whatever is removed meanwhile', async () => {
    const random = makeRandom(1);
    const nRounds = 6;
    let nBuilding = 2;
    let nCached = 0;
    async function builder(name: string): Promise<void> {
      try {
        for (let round = 0; round < nRounds; round += 1) nCached += await buildAndCheck(name, random);
      } finally {
        nBuilding -= 1;
      }
    }
    let nPruned = 0;
    async function pruner(): Promise<void> {
      while (nBuilding > 0) {
        const query = random() < 0.5 ? '' : 'all=1';
        const { status, body } = await engine.call('POST', `/build/prune?${query}`);
        assert.equal(status, 200, JSON.stringify(body));
        nPruned += (body as { CachesDeleted: readonly string[] | null }).CachesDeleted?.length ?? 0;
        if (random() < 0.3) await engine.call('POST', '/images/prune');
      }
    }
    const results = await Promise.allSettled([builder('one'), builder('two'), pruner()]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    assert.ok(nPruned > 20 && nCached > 0, `${nPruned} removed, ${nCached} cached`);
    await engine.call('POST', '/build/prune?all=1');
    assert.deepEqual(faultsOf(join(engine.directory, 'root')), []);
  });
});
