/** Manifests, indexes, configs and chainIDs: what is read, and how a refusal names its field. */

import assert from 'node:assert/strict';

import { chainIds } from '../../../core/oci/chain-id.ts';
import { decodeImageConfig } from '../../../core/oci/decode-image-config.ts';
import { digestOf } from '../../../core/oci/digest.ts';
import {
  decodeIndex,
  decodeManifest,
  isIndexType,
  MEDIA_TYPES,
  parseJson,
} from '../../../core/oci/manifest.ts';

const digest = digestOf('x');
const descriptor = { mediaType: 'a/b', digest, size: 1 };

describe('manifests', () => {
  it('are read with what we know of them', () => {
    const manifest = {
      schemaVersion: 2,
      config: descriptor,
      layers: [{ ...descriptor, urls: ['x'] }],
      extra: 1,
    };
    assert.deepEqual(decodeManifest(manifest, 'm'), {
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.ociManifest,
      config: descriptor,
      layers: [descriptor],
    });
    const platform = { os: 'linux', architecture: 'arm', variant: 'v7' };
    const annotations = { 'org.opencontainers.image.ref.name': 'latest' };
    const index = { schemaVersion: 2, manifests: [{ ...descriptor, platform, annotations }] };
    assert.deepEqual(decodeIndex(index, 'i').manifests, [{ ...descriptor, platform, annotations }]);
    assert.deepEqual(
      [isIndexType(MEDIA_TYPES.dockerIndex), isIndexType(MEDIA_TYPES.ociManifest)],
      [true, false],
    );
  });

  for (const [value, message] of [
    [[], 'm must be an object'],
    [{ schemaVersion: 1 }, 'm: schemaVersion must be 2'],
    [{ schemaVersion: 2 }, 'm: config must be an object'],
    [{ schemaVersion: 2, config: { size: 1 } }, 'm: config: digest must be a string'],
    [{ schemaVersion: 2, config: { digest, size: -1 } }, 'm: config: size must be a number of bytes'],
    [{ schemaVersion: 2, config: descriptor, layers: {} }, 'm: layers must be a list'],
    [{ schemaVersion: 2, config: descriptor, layers: [1] }, 'm: layers[0] must be an object'],
  ] as const) {
    it(`refuses: ${message}`, () => {
      assert.throws(() => decodeManifest(value, 'm'), { kind: 'invalid-argument', message });
    });
  }

  it('refuses what is not JSON', () => {
    assert.throws(() => parseJson('{', 'index.json'), { message: 'index.json is not JSON' });
  });
});

describe('image configs', () => {
  it('keep fields we do not know', () => {
    const config = decodeImageConfig({
      architecture: 'amd64',
      os: 'linux',
      'moby.x': 1,
      rootfs: { diff_ids: [digest] },
    });
    assert.deepEqual(config.rootfs, { type: 'layers', diff_ids: [digest] });
    assert.deepEqual(Object.keys(config).includes('moby.x'), true);
  });

  for (const value of [
    1,
    { os: 1 },
    { rootfs: 1 },
    { rootfs: { diff_ids: 'x' } },
    { rootfs: { diff_ids: [1] } },
    { history: 1 },
  ]) {
    it(`refuse ${JSON.stringify(value)}`, () => {
      assert.throws(() => decodeImageConfig(value), { kind: 'invalid-argument' });
    });
  }
});

describe('chainIDs', () => {
  it('digest the stack below and the layer', () => {
    const [a, b, c] = [digestOf('a'), digestOf('b'), digestOf('c')];
    const ab = digestOf(`${a} ${b}`);
    assert.deepEqual(chainIds([a, b, c]), [a, ab, digestOf(`${ab} ${c}`)]);
    assert.deepEqual(chainIds([]), []);
  });
});
