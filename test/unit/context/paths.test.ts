/** Paths in trees. */

import assert from 'node:assert/strict';

import fc from 'fast-check';

import {
  baseName,
  cleanPath,
  comparePaths,
  isAtOrBelow,
  joinPath,
  parentPath,
  pathBelow,
  treePath,
} from '../../../core/context/paths.ts';

describe('paths', () => {
  it('are cleaned as by path.Clean of Go', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['', '.'],
      ['.', '.'],
      ['/', '/'],
      ['//a//b/', '/a/b'],
      ['a/./b', 'a/b'],
      ['a/../b', 'b'],
      ['a/..', '.'],
      ['..', '..'],
      ['../..', '../..'],
      ['../../a', '../../a'],
      ['a/../../b', '../b'],
      ['../a/../..', '../..'],
      ['/..', '/'],
      ['/../a', '/a'],
      ['/a/../..', '/'],
      ['/a/../../b', '/b'],
      ['...', '...'],
    ];
    assert.deepEqual(
      cases.map(([path]) => [path, cleanPath(path)]),
      cases,
    );
    assert.deepEqual(['', '/', '../a', '/a/b/', 'a/../..'].map(treePath), ['', '', 'a', 'a/b', '']);
  });

  it('are taken apart and put together', () => {
    assert.deepEqual(['', 'a', 'a/b', 'a/b/c'].map(baseName), ['', 'a', 'b', 'c']);
    assert.deepEqual(['', 'a', 'a/b', 'a/b/c'].map(parentPath), ['', '', 'a', 'a/b']);
    assert.deepEqual(
      [joinPath('', ''), joinPath('a', ''), joinPath('', 'b'), joinPath('a', 'b/c')],
      ['', 'a', 'b', 'a/b/c'],
    );
    assert.deepEqual(
      [pathBelow('a/b', 'a'), pathBelow('a/b', ''), pathBelow('a/b/c', 'a/b')],
      ['b', 'a/b', 'c'],
    );
  });

  it('lie below themselves, the root and their parents', () => {
    const below = (path: string, directory: string): boolean => isAtOrBelow(path, directory);
    assert.deepEqual(
      [below('', ''), below('a', ''), below('a', 'a'), below('a/b', 'a'), below('a/b/c', 'a')],
      [true, true, true, true, true],
    );
    assert.deepEqual(
      [below('ab', 'a'), below('a', 'a/b'), below('b/a', 'a'), below('', 'a'), below('a.b', 'a')],
      [false, false, false, false, false],
    );
  });
});

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
