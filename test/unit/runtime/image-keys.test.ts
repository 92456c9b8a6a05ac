/** Which image a cache key stands for, without reading every image at every question. */

import assert from 'node:assert/strict';

import { imageKey } from '../../../core/build/cache-key.ts';
import { type Digest, digestOf } from '../../../core/oci/digest.ts';
import type { Image } from '../../../runtime/engine/images/image-store.ts';
import { ImageKeys } from '../../../runtime/build/image-keys.ts';

const PLATFORM = { os: 'linux', architecture: 'amd64' };

function image(name: string, layers: readonly string[]): Image {
  const rootfs = { type: 'layers', diff_ids: layers.map(digestOf) } as const;
  return {
    id: digestOf(name),
    config: { ...PLATFORM, rootfs },
    tags: [],
    repoDigests: [],
    snapshots: layers.map((layer) => `${name}-${layer}`),
    sizeBytes: 0,
    createdAt: new Date(0),
  };
}

describe('image keys', () => {
  const images = new Map<Digest, Image>();
  let nRead = 0;
  const keys = new ImageKeys({
    ids: async () => [...images.keys()],
    find: async (id) => {
      nRead += 1;
      return [...images.values()].find((one) => one.id === id);
    },
  });
  const put = (one: Image): void => void images.set(one.id, one);
  const keyOf = (...layers: readonly string[]): Digest => imageKey(layers.map(digestOf), PLATFORM);

  it('lead to the top of every image with the same files', async () => {
    for (let n = 0; n < 100; n += 1) put(image(`other ${n}`, ['base', `own ${n}`]));
    put(image('one', ['base', 'top']));
    put(image('two', ['base', 'top']));
    put(image('empty', []));
    assert.deepEqual(await keys.topsOf(keyOf('base', 'top')), ['one-top', 'two-top']);
    assert.deepEqual(await keys.topsOf(keyOf('base')), []);
    assert.deepEqual(await keys.topsOf(keyOf()), []);
  });

  it('read an image once, and again where it is the answer', async () => {
    nRead = 0;
    for (let n = 0; n < 10; n += 1) await keys.topsOf(keyOf('base', 'own 7'));
    assert.equal(nRead, 10);
  });

  it('know what came and what went', async () => {
    put(image('three', ['new']));
    images.delete(digestOf('one'));
    assert.deepEqual(await keys.topsOf(keyOf('new')), ['three-new']);
    assert.deepEqual(await keys.topsOf(keyOf('base', 'top')), ['two-top']);
  });
});
