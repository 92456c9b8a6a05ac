/** Paths in trees. */

import assert from 'node:assert/strict';

import fc from 'fast-check';

import { comparePaths } from '../../../core/context/paths.ts';

describe('path order', () => {
  it('is the order of a walk with siblings by UTF-8 bytes', () => {
    const part = fc.string({
      unit: fc.constantFrom('a', '-', '.', '0', '\u{10000}', '\uFFFD', '\u00e9'),
      minLength: 1,
      maxLength: 3,
    });
    const path = fc.array(part, { maxLength: 3 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(path, path, (left, right) => {
        const expected = Buffer.compare(key(left), key(right));
        assert.equal(Math.sign(comparePaths(left, right)), expected);
      }),
    );
    function key(text: string): Buffer {
      return Buffer.from(text.replaceAll('/', '\0'));
    }
  });
});
