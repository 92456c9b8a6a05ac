/** The bytes under a cache key: framed texts, whatever their number and size. */

import assert from 'node:assert/strict';

import { digestOfParts, KEY_VERSION } from '../../../core/build/encoding.ts';
import { digestOf } from '../../../core/oci/digest.ts';

describe('digest of parts', () => {
  for (const [what, parts] of [
    ['no part', []],
    ['empty and absent parts', ['', undefined]],
    ['texts beyond ASCII', ['é', '나루', '\u{1F6A2}']],
    ['many small parts', Array.from({ length: 30_000 }, (_, nth) => `part ${nth}`)],
    ['parts of more than a buffer', ['x'.repeat(65_536), 'y'.repeat(200_000), 'z']],
  ] as const) {
    it(`is the digest of each text after its length: ${what}`, () => {
      const framed = [KEY_VERSION, 'test', ...parts].map((part) =>
        part === undefined ? '-;' : `${Buffer.byteLength(part)}:${part};`,
      );
      assert.equal(digestOfParts('test', parts), digestOf(framed.join('')));
    });
  }
});
