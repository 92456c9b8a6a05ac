/** The cache's own cleaning in a real engine: within its limits after builds, and whole after kill -9 in the middle of it. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';

import { busyboxArchive } from '../../../scripts/base-images.ts';
import { makeRandom } from '../../bench/random.ts';
import { until } from '../../support/until.ts';
import { type EngineProcess, eventsOf, startEngine } from './engine-process.ts';
import { faultsOf } from './integrity.ts';
import { requestOf, statesOf, sync } from './synced.ts';

describe('cache gc of an engine', function () {
  this.timeout(300_000);
  let engine: EngineProcess;
  afterEach(() => engine.remove());

  async function start(options: readonly string[] = []): Promise<void> {
    engine = await startEngine(options);
    await eventsOf(engine.lines('POST', '/images/load', fs.createReadStream(await busyboxArchive())));
  }

  async function build(dockerfile: string): Promise<readonly string[]> {
    const { id } = await sync(engine, {});
    const events = await eventsOf(engine.lines('POST', '/naru/v1/builds', requestOf(dockerfile, id)));
    const last = events.at(-1);
    assert.ok(last?.type === 'result', JSON.stringify(last));
    // What is tested is what no image has.
    await engine.call('DELETE', `/images/${last.image}`);
    return statesOf(events).toSorted();
  }

  async function cacheBytes(): Promise<number> {
    const { body } = await engine.call('GET', '/system/df?type=build-cache');
    const { BuildCache } = body as { BuildCache: readonly { Size: number; Shared: boolean }[] }; // the engine's answer
    return BuildCache.reduce((sum, { Size, Shared }) => sum + (Shared ? 0 : Size), 0);
  }

  function writing(name: string): string {
    return `FROM busybox\nRUN head -c 100000 /dev/zero > /${name}\n`;
  }

  it('comes down to its size after builds, and keeps what was used last', async () => {
    await start(['--cache-size', '250kB']);
    for (const name of ['a', 'b', 'c', 'd']) await build(writing(name));
    await until('a cache within its limit', async () => (await cacheBytes()) <= 250 * 1024, 60_000);
    assert.deepEqual(await build(writing('d')), ['1 CACHED', '2 CACHED']);
    assert.deepEqual(await build(writing('a')), ['1 CACHED', '2 RUN']);
  });

  it('removes what no build used for its age', async () => {
    await start(['--cache-age', '1ms']);
    await build(writing('a'));
    await until('an empty cache', async () => (await cacheBytes()) === 0, 60_000);
  });

  it('killed at any moment of a removal, keeps rows and directories together', async () => {
    await start();
    const random = makeRandom(7);
    // Many files, so that removing takes a while.
    const dockerfile = (round: number): string =>
      ['a', 'b', 'c', 'd', 'e']
        .map((name) => `RUN mkdir /${name} && cd /${name} && seq 1 800 | xargs touch && echo ${round} > n\n`)
        .join('');
    let nHalfway = 0;
    for (let round = 0; round < 4; round += 1) {
      const mounts = `RUN --mount=type=cache,target=/c cd /c && seq 1 800 | xargs touch; : ${round}\n`;
      await build(`FROM busybox\n${dockerfile(round)}${mounts}`);
      const snapshots = join(engine.directory, 'root/snapshots');
      const nBefore = fs.readdirSync(snapshots).length;
      const nWanted = Math.floor(random() * 5);
      const pruned = engine.call('POST', '/build/prune').catch(() => undefined); // the engine is killed
      await until('a part of it', () => fs.readdirSync(snapshots).length <= nBefore - nWanted);
      await engine.killAndRestart();
      await pruned;
      assert.deepEqual(faultsOf(join(engine.directory, 'root')), [], `round ${round}`);
      if ((await cacheBytes()) > 0) nHalfway += 1;
      const again = await build(`FROM busybox\n${dockerfile(round)}`);
      assert.equal(again.length, 6);
      await engine.call('POST', '/build/prune');
      assert.equal(await cacheBytes(), 0);
    }
    assert.ok(nHalfway > 0, 'at least one removal was cut short');
  });
});
