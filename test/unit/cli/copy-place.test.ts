/** Where a copy lands: each row as observed with `docker cp` of docker 28.2.2. */

import assert from 'node:assert/strict';

import { placeOf, readSide } from '../../../client/cli/copy/place.ts';

type Kind = 'file' | 'dir' | 'nothing';

const PLACES: readonly (readonly [
  from: string,
  what: 'file' | 'dir',
  to: string,
  there: Kind,
  place: string | RegExp,
])[] = [
  ['s/a', 'file', '/t', 'dir', '/t + a'],
  ['s/a', 'file', '/t/', 'dir', '/t/ + a'],
  ['s/a', 'file', '/t/b', 'file', '/t + b'],
  ['s/a', 'file', '/t/b', 'nothing', '/t + b'],
  ['s/a', 'file', '/t/b/', 'nothing', /there is no directory \/t\/b\//],
  ['s/a', 'file', 'b', 'nothing', '. + b'],
  ['s/a', 'file', '/b', 'nothing', '/ + b'],
  ['s', 'dir', '/t', 'dir', '/t + s'],
  ['s/', 'dir', '/t', 'dir', '/t + s'],
  ['s/.', 'dir', '/t', 'dir', '/t + '],
  ['.', 'dir', '/t', 'dir', '/t + '],
  ['s', 'dir', '/t', 'nothing', '/ + t'],
  ['s/.', 'dir', '/t', 'nothing', '/ + t'],
  ['s', 'dir', '/u/t/', 'nothing', '/u + t'],
  ['s', 'dir', '/t', 'file', /s is a directory, and \/t is not/],
];

describe('where a copy lands', () => {
  for (const [from, what, to, there, wanted] of PLACES) {
    it(`${from} (${what}) to ${to} (${there})`, () => {
      const source = {
        path: from,
        name: from.split('/')[0] === 's' && what === 'dir' ? 's' : 'a',
        isDirectory: what === 'dir',
      };
      const destination = { path: to, isThere: there !== 'nothing', isDirectory: there === 'dir' };
      const place = (): string => {
        const { directory, name } = placeOf(source, destination);
        return `${directory} + ${name}`;
      };
      if (typeof wanted === 'string') assert.equal(place(), wanted);
      else assert.throws(place, wanted);
    });
  }

  it('is a container where a colon follows a name', () => {
    const sides = ['web:/x', 'web:', './web:/x', '/a:b', 'x', '-', '나루:/x'].map(readSide);
    assert.deepEqual(
      sides.map((side) => (side.kind === 'local' ? side.path : `${side.container} ${side.path}`)),
      ['web /x', 'web /', './web:/x', '/a:b', 'x', '-', '나루 /x'],
    );
  });
});
