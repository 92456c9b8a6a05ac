/** A disk that fails to take layers: the build fails, and the next one makes them again instead of trusting them. */

import assert from 'node:assert/strict';

import { LayerThreads } from '../../../runtime/snapshots/layer-threads.ts';
import { MetadataStore } from '../../../runtime/store/metadata.ts';
import { makeRig, type Rig } from './rig.ts';

const DOCKERFILE = 'FROM busybox\nRUN echo one > /one\nRUN echo two > /two\n';

describe('layers that the disk did not take', function () {
  this.timeout(60_000);
  let rig: Rig;
  const sync = Reflect.get(LayerThreads.prototype, 'sync');
  const transaction = Reflect.get(MetadataStore.prototype, 'transaction');
  before(async () => {
    rig = await makeRig();
  });
  after(async () => {
    await rig?.close();
  });
  afterEach(() => {
    LayerThreads.prototype.sync = sync;
    MetadataStore.prototype.transaction = transaction;
  });

  it('are given up by the next engine also when that could not be written down', async () => {
    const dockerfile = 'FROM busybox\nRUN echo unwritten > /file\n';
    await rig.build('FROM busybox\n', {});
    LayerThreads.prototype.sync = async () => {
      MetadataStore.prototype.transaction = () => {
        throw new Error('ENOSPC');
      };
      throw new Error('EIO: i/o error, syncfs');
    };
    await assert.rejects(rig.build(dockerfile, {}), /EIO|ENOSPC/);
    LayerThreads.prototype.sync = sync;
    MetadataStore.prototype.transaction = transaction;
    rig = await rig.reopen();
    assert.deepEqual((await rig.build(dockerfile, {})).steps, ['1 CACHED', '2 RUN']);
  });

  it('give nothing to the steps that come after', async () => {
    const dockerfile = `FROM busybox AS source
RUN echo source > /source
FROM scratch
COPY --from=source /source /copied
`;
    const { snapshots } = rig;
    const prepare = snapshots.prepare.bind(snapshots);
    snapshots.prepare = async (key, parent) => {
      if (parent === undefined) {
        LayerThreads.prototype.sync = async () => {
          throw new Error('EIO: i/o error, syncfs');
        };
        const newest = (await snapshots.list()).toSorted((a, b) => +b.createdAt - +a.createdAt)[0];
        await assert.rejects(snapshots.layerInfo(newest?.name ?? ''), /EIO/);
        LayerThreads.prototype.sync = sync;
      }
      await prepare(key, parent);
    };
    await assert.rejects(rig.build(dockerfile, {}), /the disk did not take/);
    snapshots.prepare = prepare;
    assert.deepEqual((await rig.build(dockerfile, {})).steps, ['1 CACHED', '2 RUN', '3 FREE', '4 RUN']);
  });

  it('are made again by the next build, and given up by the next engine', async () => {
    await rig.build('FROM busybox\n', {}); // the base is on disk
    const before = new Set((await rig.snapshots.list()).map(({ name }) => name));
    LayerThreads.prototype.sync = async () => {
      throw new Error('EIO: i/o error, syncfs');
    };
    await assert.rejects(rig.build(DOCKERFILE, {}), /EIO/);
    await assert.rejects(rig.build(DOCKERFILE, {}), /EIO/);
    const lost = (await rig.snapshots.list()).filter(({ name }) => !before.has(name)).map(({ name }) => name);
    assert.ok(lost.length > 0);
    assert.deepEqual(
      lost.map((name) => rig.snapshots.isLost(name)),
      lost.map(() => true),
    );
    LayerThreads.prototype.sync = sync;
    assert.deepEqual((await rig.build(DOCKERFILE, {})).steps, ['1 CACHED', '2 RUN', '3 RUN']);
    assert.deepEqual((await rig.build(DOCKERFILE, {})).steps, ['1 CACHED', '2 CACHED', '3 CACHED']);
    rig = await rig.reopen();
    const left = new Set((await rig.snapshots.list()).map(({ name }) => name));
    assert.deepEqual(
      lost.filter((name) => left.has(name)),
      [],
    );
    assert.deepEqual((await rig.build(DOCKERFILE, {})).steps, ['1 CACHED', '2 CACHED', '3 CACHED']);
  });
});
