/**
 * What the build cache takes, and removing of it: df and prune agree with each other and with the disk.
 * What stays and what goes is dockerd's 28.5.2 (`docker builder prune`, with and without -a, measured with two images of one base).
 */

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';

import type { BuildEvent } from '../../../core/protocol/build.ts';
import { diskUsageBytes } from '../../../runtime/engine/system/disk-usage.ts';
import { busyboxArchive } from '../../../scripts/base-images.ts';
import { buildRequest } from '../../support/build-request.ts';
import { type EngineProcess, eventsOf, startEngine } from './engine-process.ts';
import { faultsOf } from './integrity.ts';
import { requestOf, statesOf, sync } from './synced.ts';

const DOCKERFILE = `FROM busybox AS dep
RUN head -c 300000 /dev/zero > /dep
FROM busybox
RUN head -c 100000 /dev/zero > /one
COPY --from=dep /dep /dep
RUN --mount=type=cache,target=/c head -c 200000 /dev/zero > /c/x; head -c 50000 /dev/zero > /two
COPY . /src/
`;
const CONTEXT = { 'src/file': 'x'.repeat(70_000) };

interface Usage {
  readonly LayersSize: number;
  readonly Images: readonly {
    readonly RepoTags: readonly string[];
    readonly Size: number;
    readonly SharedSize: number;
  }[];
  readonly BuildCache: readonly {
    readonly ID: string;
    readonly Type: string;
    readonly Shared: boolean;
    readonly InUse: boolean;
    readonly Size: number;
  }[];
}

interface Pruned {
  readonly CachesDeleted: readonly string[] | null;
  readonly SpaceReclaimed: number;
}

describe('the build cache', function () {
  this.timeout(120_000);
  let engine: EngineProcess;
  beforeEach(async () => {
    engine = await startEngine();
    await eventsOf(engine.lines('POST', '/images/load', fs.createReadStream(await busyboxArchive())));
  });
  afterEach(() => engine.remove());

  async function build(dockerfile: string, tag: string): Promise<readonly string[]> {
    const { id } = await sync(engine, CONTEXT);
    const events = await eventsOf(
      engine.lines('POST', '/naru/v1/builds', requestOf(dockerfile, id, { tags: [tag] })),
    );
    assert.equal(events.at(-1)?.type, 'result', JSON.stringify(events.at(-1)));
    return statesOf(events).toSorted();
  }

  async function usage(): Promise<Usage> {
    return (await engine.call('GET', '/system/df')).body as Usage; // the engine's answer
  }

  /** Of images and cache together, as df tells it. */
  async function toldBytes(): Promise<number> {
    const { LayersSize, BuildCache } = await usage();
    return LayersSize + BuildCache.reduce((sum, { Shared, Size }) => sum + (Shared ? 0 : Size), 0);
  }

  /** What regular files of layers, contexts and cache mounts take. */
  async function diskBytes(): Promise<number> {
    const root = join(engine.directory, 'root');
    const layers = fs.readdirSync(join(root, 'snapshots')).map((name) => join(root, 'snapshots', name, 'fs'));
    const directories = [
      ...layers,
      join(root, 'build/contexts/manifests'),
      join(root, 'build/contexts/content/files'),
      join(root, 'build/cache-mounts'),
    ];
    let sum = 0;
    for (const directory of directories) sum += await diskUsageBytes(directory);
    return sum;
  }

  /** Prunes; what it says it reclaimed is what df and the disk have less. */
  async function prune(query: string, path = '/build/prune'): Promise<Pruned> {
    const [told, disk] = [await toldBytes(), await diskBytes()];
    const { status, body } = await engine.call('POST', `${path}?${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    const pruned = body as Pruned; // the engine's answer
    assert.deepEqual(
      { told: told - (await toldBytes()), disk: disk - (await diskBytes()) },
      { told: pruned.SpaceReclaimed, disk: pruned.SpaceReclaimed },
    );
    const faults = faultsOf(join(engine.directory, 'root'));
    const isIdle = (await usage()).BuildCache.every(({ InUse }) => !InUse);
    if (isIdle) assert.deepEqual(faults, []);
    return pruned;
  }

  it('counts every layer, context and cache mount once', async () => {
    await build(DOCKERFILE, 'app');
    await build(DOCKERFILE.replace('one', 'eins'), 'app2');
    const { Images, BuildCache } = await usage();
    assert.equal(await toldBytes(), await diskBytes());
    const image = (tag: string): Usage['Images'][number] | undefined =>
      Images.find(({ RepoTags }) => RepoTags.includes(`${tag}:latest`));
    const base = image('busybox')?.Size ?? 0;
    assert.deepEqual([image('app')?.SharedSize, image('app2')?.SharedSize], [base, base]);
    assert.equal(image('app')?.Size, base + 100_000 + 300_000 + 50_000 + 70_000);
    const types = BuildCache.map(({ Type, Shared }) => `${Type} ${Shared ? 'shared' : 'private'}`);
    assert.deepEqual([...new Set(types)].toSorted(), [
      'exec.cachemount private',
      'regular private',
      'regular shared',
      'source.local private',
    ]);
    assert.equal(types.filter((type) => type === 'regular shared').length, 8);
    assert.equal(types.filter((type) => type === 'regular private').length, 1);
  });

  it('prunes what no image has, and leaves the steps of tagged images cached', async () => {
    await build(DOCKERFILE, 'app');
    const { SpaceReclaimed } = await prune('');
    assert.ok(SpaceReclaimed > 300_000 + 200_000 + 70_000, String(SpaceReclaimed));
    assert.deepEqual(await prune(''), { CachesDeleted: null, SpaceReclaimed: 0 });
    // The stage that is only copied from as well: its key is known, and nobody needs its files.
    const states = ['1 CACHED', '2 CACHED', '3 CACHED', '4 CACHED', '5 CACHED', '6 CACHED', '7 CACHED'];
    assert.deepEqual(await build(DOCKERFILE, 'app'), states);
    // Until all that was made from it is gone, too.
    await engine.call('DELETE', '/images/app');
    await prune('');
    const anew = ['1 CACHED', '2 RUN', '3 CACHED', '4 RUN', '5 RUN', '6 RUN', '7 RUN'];
    assert.deepEqual(await build(DOCKERFILE, 'app'), anew);
  });

  it('knows a pruned stage that gave the same files as an earlier one', async () => {
    const dockerfile = (text: string): string =>
      `FROM busybox AS a\nRUN echo ${text} > /text; echo same > /a\nFROM busybox\nCOPY --from=a /a /a\n`;
    await build(dockerfile('one'), 'app');
    assert.deepEqual((await build(dockerfile('two'), 'app')).slice(-3), ['2 RUN', '3 CACHED', '4 CACHED']);
    await prune('');
    for (const text of ['two', 'one'])
      assert.ok(
        (await build(dockerfile(text), 'app')).every((step) => step.endsWith('CACHED')),
        text,
      );
  });

  it('takes the files that a stage gave last, where it gave several and these again', async () => {
    const mount = '--mount=type=cache,target=/c';
    const dockerfile = `FROM busybox AS a\nRUN ${mount} cat /c/x > /a\nFROM busybox\nCOPY --from=a /a /a\n`;
    const { id } = await sync(engine, CONTEXT);
    async function buildWith(text: string): Promise<string | undefined> {
      await build(`FROM busybox\nRUN ${mount} echo ${text} > /c/x # ${randomUUID()}\n`, 'writer');
      const request = buildRequest(
        dockerfile,
        { contexts: { '': id }, tags: ['app'] },
        { noCacheFilter: ['a'] },
      );
      return statesOf(await eventsOf(engine.lines('POST', '/naru/v1/builds', request)))
        .toSorted()
        .at(-1);
    }
    assert.equal(await buildWith('one'), '4 RUN');
    assert.equal(await buildWith('two'), '4 RUN');
    assert.equal(await buildWith('one'), '4 CACHED');
    await prune('filters={"type":["regular"]}');
    const checked = await build(`${dockerfile}RUN test $(cat /a) = one\n`, 'app');
    assert.deepEqual(checked.slice(-2), ['4 CACHED', '5 RUN']);
  });

  it('knows a chain of pruned stages by key, also when it starts anew', async () => {
    const dockerfile = `FROM busybox AS a
RUN cat /proc/sys/kernel/random/uuid > /a
FROM busybox AS b
COPY --from=a /a /a
RUN cat /proc/sys/kernel/random/uuid > /b
RUN cat /a /b > /c
FROM busybox
COPY --from=b /c /c
`;
    const made = await build(dockerfile, 'app');
    assert.equal(made.filter((step) => step.endsWith('RUN')).length, 5);
    await prune('');
    await engine.killAndRestart();
    const again = await build(dockerfile, 'app');
    assert.deepEqual(
      again.map((step) => step.split(' ')[1]),
      Array.from({ length: 8 }, () => 'CACHED'),
    );
  });

  it('takes files of a stage that was pruned and gives others now, and not those it gave before', async () => {
    const dockerfile = `FROM busybox AS dep
RUN cat /proc/sys/kernel/random/uuid | tee /dep
FROM busybox
COPY --from=dep /dep /dep
`;
    await build(dockerfile, 'app');
    await prune('');
    // Another instruction below the copy wants the stage to run.
    const states = await build(dockerfile.replace('/dep /dep', '/dep /dep2'), 'other');
    assert.deepEqual(states.slice(0, 2), ['1 CACHED', '2 RUN']);
    assert.deepEqual((await build(dockerfile, 'app')).slice(-2), ['3 CACHED', '4 RUN']);
  });

  it('forgets what images have when all is asked for, and says that nothing came free of it', async () => {
    await build('FROM busybox\nRUN head -c 100000 /dev/zero > /one\n', 'app');
    await prune('');
    const { CachesDeleted, SpaceReclaimed } = await prune('all=1');
    assert.deepEqual([CachesDeleted?.length, SpaceReclaimed], [1, 0]);
    assert.deepEqual((await usage()).BuildCache, []);
    assert.deepEqual(await build('FROM busybox\nRUN head -c 100000 /dev/zero > /one\n', 'app'), [
      '1 CACHED',
      '2 RUN',
    ]);
  });

  it('keeps the layers of an image that goes, as cache, until that is pruned', async () => {
    const dockerfile = 'FROM busybox\nRUN head -c 100000 /dev/zero > /one\n';
    await build(dockerfile, 'app');
    await build(`${dockerfile}RUN head -c 30000 /dev/zero > /two\n`, 'app');
    const images = await prune('', '/images/prune');
    assert.equal(images.SpaceReclaimed, 0);
    await engine.call('DELETE', '/images/app');
    const left = (await usage()).BuildCache.filter(({ Type }) => Type === 'regular');
    const sizes = left.map(({ Size, Shared }) => `${Size} ${Shared}`).toSorted();
    assert.deepEqual(sizes, ['100000 false', '30000 false']);
    await prune('filters={"type":["regular"]}');
    assert.equal((await usage()).BuildCache.filter(({ Type }) => Type === 'regular').length, 0);
  });

  it('keeps layers of a removed base image that cached steps stand on, counts them, and prunes them with these', async () => {
    await build('FROM busybox\nRUN head -c 100000 /dev/zero > /one\n', 'app');
    const { Images } = await usage();
    const base = Images.find(({ RepoTags }) => RepoTags.includes('busybox:latest'))?.Size ?? 0;
    for (const { RepoTags } of Images)
      for (const tag of RepoTags) assert.equal((await engine.call('DELETE', `/images/${tag}`)).status, 200);
    assert.equal((await usage()).LayersSize, 0);
    assert.equal(await toldBytes(), await diskBytes());
    const { SpaceReclaimed } = await prune('');
    assert.ok(SpaceReclaimed >= base + 100_000, String(SpaceReclaimed));
    assert.equal(await diskBytes(), 0);
  });

  it('prunes down to a size, and what was not used for a while', async () => {
    for (const name of ['a', 'b', 'c'])
      await build(`FROM busybox\nRUN head -c 100000 /dev/zero > /${name}\n`, 'app');
    await engine.call('DELETE', '/images/app');
    await prune('', '/images/prune');
    await prune('filters={"type":["source.local"]}');
    assert.deepEqual((await prune('filters={"until":["1h"]}')).CachesDeleted, null);
    await prune('keep-storage=150000');
    assert.equal((await usage()).BuildCache.filter(({ Shared }) => !Shared).length, 1);
    // The one used last stays.
    assert.deepEqual(await build('FROM busybox\nRUN head -c 100000 /dev/zero > /c\n', 'app'), [
      '1 CACHED',
      '2 CACHED',
    ]);
    assert.deepEqual(await build('FROM busybox\nRUN head -c 100000 /dev/zero > /b\n', 'app'), [
      '1 CACHED',
      '2 RUN',
    ]);
    await prune('filters={"until":["0s"]}');
    assert.equal((await usage()).BuildCache.filter(({ Shared }) => !Shared).length, 0);
  });

  it("answers wrong requests in Docker's words", async () => {
    const cases = [
      ['filters={"bogus":["x"]}', "failed to prune build cache: invalid filter 'bogus'"],
      ['filters={"until":["1h","2h"]}', 'failed to prune build cache: filters expect only one value'],
      [
        'filters={"until":["zzz"]}',
        'failed to prune build cache: "until" filter expects a duration (e.g., \'24h\') or a timestamp: failed to parse value as time or duration: "zzz"',
      ],
      [
        'keep-storage=zzz',
        'keep-storage is in bytes and expects an integer, got zzz: strconv.Atoi: parsing "zzz": invalid syntax',
      ],
    ] as const;
    for (const [query, message] of cases) {
      assert.deepEqual(await engine.call('POST', `/build/prune?${query}`), {
        status: 400,
        body: { message },
      });
    }
  });

  it('takes nothing of a build that is running', async () => {
    const { id } = await sync(engine, CONTEXT);
    const dockerfile = `FROM busybox AS dep
RUN head -c 300000 /dev/zero > /dep
FROM busybox
RUN --mount=type=cache,target=/c echo kept > /c/x && echo waiting && while [ ! -e /c/go ]; do sleep 0.05; done; cat /c/x
COPY --from=dep /dep /dep
COPY src/file /file
`;
    await build(dockerfile.replace('while [ ! -e /c/go ]', 'while false'), 'other');
    const events: BuildEvent[] = [];
    for await (const line of engine.lines('POST', '/naru/v1/builds', requestOf(dockerfile, id))) {
      const event = JSON.parse(line) as BuildEvent; // the engine's answer
      events.push(event);
      if (event.type !== 'log' || event.text !== 'waiting\n') continue;
      const busy = (await usage()).BuildCache.filter(({ InUse }) => InUse).map(({ Type }) => Type);
      assert.deepEqual(new Set(busy), new Set(['exec.cachemount', 'regular', 'source.local']));
      await prune('all=1');
      const mounts = join(engine.directory, 'root/build/cache-mounts');
      for (const name of fs.readdirSync(mounts)) fs.writeFileSync(join(mounts, name, 'go'), '');
    }
    assert.equal(events.at(-1)?.type, 'result', JSON.stringify(events.at(-1)));
    assert.ok(events.some((event) => event.type === 'log' && event.text === 'kept\n'));
    await prune('all=1');
    assert.deepEqual((await usage()).BuildCache, []);
  });
});
