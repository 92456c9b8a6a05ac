import assert from 'node:assert/strict';

import { boolean, integer, listOf, mapOf, object, string, words } from '../../../core/engine-api/decode.ts';
import { readFilters, readQuery } from '../../../runtime/api/query.ts';

const BODY = object({
  Name: string,
  Inner: object({ Size: integer, On: boolean }),
  List: listOf(string),
  Map: mapOf(string),
  Cmd: words,
});

describe('decoders', () => {
  it('read null and absence as zero values, and names without regard to case', () => {
    assert.deepEqual(BODY({ name: 'x', Inner: null, Cmd: 'one', Extra: 1 }, ''), {
      Name: 'x',
      Inner: { Size: 0, On: false },
      List: [],
      Map: {},
      Cmd: ['one'],
    });
  });

  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [7, /invalid request body must be an object/],
    [{ Inner: { Size: '1' } }, /Inner\.Size must be an integer/],
    [{ List: [1] }, /List\[0\] must be a string/],
    [{ Map: { a: 1 } }, /Map\.a must be a string/],
  ];
  for (const [value, message] of wrong) {
    it(`name the wrong field of ${JSON.stringify(value)}`, () =>
      assert.throws(() => BODY(value, ''), message));
  }
});

describe('query', () => {
  it('reads booleans as dockerd does', () => {
    const query = readQuery(new URLSearchParams('a=1&b=0&c=True&d=no&e=&f=banana&g=None'));
    assert.deepEqual(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'absent'].map((name) => query.flag(name)),
      [true, false, true, false, false, true, false, false],
    );
  });

  it('reads filters in both forms and refuses the rest', () => {
    assert.deepEqual(
      [...readFilters('{"label":["a=b"],"x":{"y":true}}')],
      [
        ['label', ['a=b']],
        ['x', ['y']],
      ],
    );
    assert.throws(() => readFilters('{'), /invalid filter/);
    assert.throws(() => readFilters('{"a":1}'), /invalid filter/);
  });
});
