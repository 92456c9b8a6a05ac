/** Finding, naming and removing images by Docker's rules and in its words (observed on dockerd 20.10 and 28, moby image_delete.go). Needs root. */

import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import { chainIds } from '../../../core/oci/chain-id.ts';
import { digestOf } from '../../../core/oci/digest.ts';
import { snapshotResource } from '../../../runtime/store/leases.ts';
import { CONFIG, type EngineImages, layerTar, openImages, removeImages } from './engine-images.ts';

const GENTLY = { force: false, prune: true };

describe('images by name', () => {
  let engine: EngineImages;
  beforeEach(async () => {
    engine = await openImages();
  });
  afterEach(async () => {
    await engine.close();
    removeImages(engine.directory);
  });

  it('are found by tag, digest, ID and unique prefix', async () => {
    const { id } = await engine.build('busybox', ['a:1']);
    const repoDigest = `busybox@${digestOf('manifest')}`;
    await engine.store.addRepoDigest(id, repoDigest);
    const hex = id.slice(7);
    for (const name of [
      'busybox',
      'busybox:latest',
      'docker.io/library/busybox',
      repoDigest,
      `busybox:other@${digestOf('manifest')}`,
      id,
      hex,
      hex.slice(0, 12),
      hex.slice(0, 1),
      id.slice(0, 20),
    ]) {
      assert.equal((await engine.store.find(name))?.id, id, name);
    }
    assert.deepEqual((await engine.store.get(id)).repoDigests, [repoDigest]);
  });

  for (const [name, shown] of [
    ['nothing', 'nothing:latest'],
    ['nothing:1', 'nothing:1'],
    ['example.com/a/b', 'example.com/a/b:latest'],
    ['sha256:1234', 'sha256:1234'],
    ['Not A Name', 'Not A Name'],
  ] as const) {
    it(`are not found as ${name}, in Docker's words`, async () => {
      await engine.build('', ['a:1']);
      assert.equal(await engine.store.find(name), undefined);
      await assert.rejects(engine.store.get(name), { kind: 'not-found', message: `No such image: ${shown}` });
    });
  }

  it('prefer a name to an ID that begins alike, and refuse a prefix of two', async () => {
    const images = [];
    for (let n = 0; n < 17; n += 1) images.push(await engine.build('', [`a:${n}`]));
    const prefixes = images.map(({ id }) => id.slice(7, 8));
    const twice = prefixes.find((prefix, index) => prefixes.indexOf(prefix) !== index) ?? '';
    assert.equal(await engine.store.find(twice), undefined);
    const other = images.find(({ id }) => !id.startsWith(`sha256:${twice}`));
    await engine.store.tag(other?.id ?? digestOf(''), `${twice}`);
    assert.equal((await engine.store.find(twice))?.id, other?.id);
  });

  it('are the same image when made twice', async () => {
    const image = await engine.build('one', ['a:1']);
    assert.equal((await engine.store.create(CONFIG, image.snapshots)).id, image.id);
    assert.equal((await engine.store.list()).length, 1);
    assert.deepEqual(image.config.rootfs.diff_ids, [(await engine.snapshots.layerInfo('build-1')).diffId]);
  });

  it('refuse names that are none, and configs that lie', async () => {
    const image = await engine.build('one', ['a:1']);
    await assert.rejects(engine.store.tag(image.id, 'UPPER'), { kind: 'invalid-argument' });
    await assert.rejects(engine.store.tag(image.id, `a@${digestOf('')}`), { kind: 'invalid-argument' });
    await assert.rejects(engine.store.tag(digestOf('no image'), 'a'), { kind: 'not-found' });
    const lie = Buffer.from(
      JSON.stringify({ ...CONFIG, rootfs: { type: 'layers', diff_ids: [digestOf('')] } }),
    );
    await assert.rejects(engine.store.register(lie, image.snapshots), { code: 'E_IMAGE_CONFIG' });
  });

  describe('are removed', () => {
    it('by the last name with their layers, topmost first', async () => {
      const image = await engine.build('app:1', ['a:1'], ['b:2']);
      const layers = chainIds(image.config.rootfs.diff_ids).toReversed();
      assert.deepEqual(await engine.store.remove('app:1', GENTLY), [
        { untagged: 'app:1' },
        { deleted: image.id },
        ...layers.map((deleted) => ({ deleted })),
      ]);
      assert.deepEqual([await engine.store.list(), await engine.snapshotNames()], [[], []]);
    });

    it('by one of several names not at all', async () => {
      const image = await engine.build('app:1', ['a:1']);
      await engine.store.tag(image.id, 'app:2');
      assert.deepEqual(await engine.store.remove('app:1', GENTLY), [{ untagged: 'app:1' }]);
      assert.deepEqual((await engine.store.get(image.id)).tags, ['app:2']);
    });

    it('by ID with their only name', async () => {
      const image = await engine.build('app', ['a:1']);
      const removed = await engine.store.remove(image.id.slice(7, 19), GENTLY);
      assert.deepEqual(removed.slice(0, 2), [{ untagged: 'app:latest' }, { deleted: image.id }]);
    });

    it('by ID with several names only when forced', async () => {
      const image = await engine.build('app', ['a:1']);
      await engine.store.tag(image.id, 'other');
      const message = `conflict: unable to delete ${image.id.slice(7, 19)} (must be forced) - image is referenced in multiple repositories`;
      await assert.rejects(engine.store.remove(image.id, GENTLY), { kind: 'conflict', message });
      const removed = await engine.store.remove(image.id, { force: true, prune: true });
      assert.deepEqual(removed.slice(0, 3), [
        { untagged: 'app:latest' },
        { untagged: 'other:latest' },
        { deleted: image.id },
      ]);
    });

    it('with digests of the repository when its last tag goes', async () => {
      const image = await engine.build('app', ['a:1']);
      const repoDigest = `app@${digestOf('manifest')}`;
      await engine.store.addRepoDigest(image.id, repoDigest);
      const removed = await engine.store.remove('app', GENTLY);
      assert.deepEqual(removed.slice(0, 3), [
        { untagged: 'app:latest' },
        { untagged: repoDigest },
        { deleted: image.id },
      ]);
    });

    it('without the layers that others use', async () => {
      const base = await engine.build('base', ['a:1']);
      const [snapshot = ''] = base.snapshots;
      await engine.snapshots.applyLayer('more', snapshot, Readable.from([await layerTar('b:1')]));
      const top = await engine.store.create(CONFIG, [snapshot, 'more']);
      assert.equal((await engine.store.remove('base', GENTLY)).length, 2);
      assert.equal((await engine.snapshotNames()).length, 2);
      engine.leases.hold('cache:1', snapshotResource('more'));
      assert.deepEqual(await engine.store.remove(top.id, GENTLY), [{ deleted: top.id }]);
      engine.leases.release('cache:1');
      await engine.snapshots.prepare('container', snapshot);
      assert.equal((await engine.store.layers.removeUnused([snapshot, 'more'])).length, 1);
      assert.deepEqual(await engine.snapshotNames(), [snapshot, 'container'], 'a container keeps its layer');
    });

    it('not when there are none', async () => {
      await assert.rejects(engine.store.remove('app', GENTLY), {
        kind: 'not-found',
        message: 'No such image: app:latest',
      });
    });
  });
});
