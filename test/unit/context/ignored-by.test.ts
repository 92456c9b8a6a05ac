/** Which line of an ignore file is named for a file that it keeps out. */

import assert from 'node:assert/strict';

import { ignoredBy } from '../../../core/context/ignored-by.ts';

const CASES: readonly (readonly [text: string, path: string, expected: string | undefined])[] = [
  ['a.txt\n', 'a.txt', '1 a.txt'],
  ['# x\n\n  *.txt \n', 'a.txt', '3 *.txt'],
  ['src\n', 'src/deep/a.txt', '1 src'],
  ['*.txt\n!a.txt\n', 'a.txt', undefined],
  ['*.txt\n!a.txt\n*\n', 'a.txt', '3 *'],
  ['!a.txt\n*.txt\n', 'a.txt', '2 *.txt'],
  ['*\n*.txt\n', 'a.txt', '1 *'],
  ['*\r\n!b\r\n', 'a.txt', '1 *'],
  ['**/a.txt\n[\n', 'x/a.txt', '1 **/a.txt'],
  ['b\n', 'a.txt', undefined],
];

describe('the line that keeps a path out', () => {
  for (const [text, path, expected] of CASES) {
    it(`of ${JSON.stringify(text)} for ${path}: ${expected}`, () => {
      const found = ignoredBy(text, path);
      assert.equal(found && `${found.line} ${found.text}`, expected);
    });
  }
});
