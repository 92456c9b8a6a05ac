/** Records that an image brings: what is made of them over the layers it has. */

import assert from 'node:assert/strict';

import { type InlineRecord, inlineRecords } from '../../../core/build/carried-cache.ts';
import { KEY_VERSION } from '../../../core/build/encoding.ts';
import { digestOf } from '../../../core/oci/digest.ts';

const LAYERS = ['one', 'two', 'three'].map((text) => digestOf(text));

function record(name: string, nLayers: number): InlineRecord {
  const key = digestOf(name);
  return {
    key,
    aliases: [key, digestOf(`${name} as well`)],
    partial: digestOf(`${name} alone`),
    nLayers,
    createdAt: 'then',
  };
}

function layersOf(...nLayers: readonly number[]): readonly (readonly string[])[] {
  const records = nLayers.map((n) => record(String(n), n));
  return inlineRecords({ keyVersion: KEY_VERSION, records }, LAYERS).map(({ layers }) => layers);
}

describe('records of an image', () => {
  it('are its lowest layers, as many as each counts', () => {
    assert.deepEqual(layersOf(1, 3, 0), [LAYERS.slice(0, 1), LAYERS, []]);
  });

  it('are left out where they count more layers than it has', () => {
    assert.deepEqual(layersOf(4, 2), [LAYERS.slice(0, 2)]);
  });

  it('keep their keys, and come of no Dockerfile', () => {
    const rootKey = digestOf('root');
    const { nLayers: _, ...kept } = record('a', 1);
    assert.deepEqual(
      inlineRecords({ keyVersion: KEY_VERSION, records: [{ ...record('a', 1), rootKey }] }, LAYERS),
      [
        {
          ...kept,
          rootKey,
          layers: LAYERS.slice(0, 1),
          origin: { project: 'image', stage: '', line: 0, instruction: '' },
          components: [],
          seconds: 0,
          bytes: 0,
        },
      ],
    );
  });
});
