/** Wildcards as Go's path.Match reads them. */

import assert from 'node:assert/strict';

import fc from 'fast-check';

import { compileGlob, hasWildcard, splitWildcards } from '../../../core/context/match.ts';

type Answer = boolean | 'bad pattern';

function check(cases: readonly (readonly [pattern: string, name: string, answer: Answer])[]): void {
  const answers = cases.map(([pattern, name]) => [
    pattern,
    name,
    compileGlob(pattern)?.test(name) ?? 'bad pattern',
  ]);
  assert.deepEqual(answers, cases);
}

describe('match', () => {
  it('keeps stars and question marks inside a component', () => {
    check([
      ['abc', 'abc', true],
      ['*', 'abc', true],
      ['*', '', true],
      ['*', 'a/b', false],
      ['*c', 'abc', true],
      ['a*', 'ab/c', false],
      ['a*/b', 'abc/b', true],
      ['a*/b', 'a/c/b', false],
      ['**', 'a/b', false],
      ['**/b', 'a/b', true],
      ['**/c', 'a/b/c', false],
      ['a*b*c*d*e*/f', 'axbxcxdxe/f', true],
      ['a*b*c*d*e*/f', 'axbxcxdxexxx/f', true],
      ['a*b*c*d*e*/f', 'axbxcxdxe/xxx/f', false],
      ['a*b*c*d*e*/f', 'axbxcxdxexxx/fff', false],
      ['a*b?c*x', 'abxbbxdbxebxczzx', true],
      ['a*b?c*x', 'abxbbxdbxebxczzy', false],
      ['a?b', 'a☺b', true],
      ['a???b', 'a☺b', false],
      ['a?b', 'a/b', false],
      ['?', '', false],
      ['*x', 'xxx', true],
      ['*.txt', 'README.txt', true],
      ['', '', true],
      ['', 'a', false],
    ]);
  });

  it('reads classes and escapes', () => {
    check([
      ['ab[c]', 'abc', true],
      ['ab[b-d]', 'abc', true],
      ['ab[e-g]', 'abc', false],
      ['ab[^c]', 'abc', false],
      ['ab[^e-g]', 'abc', true],
      ['ab[!c]', 'ab!', true],
      ['ab[!c]', 'abd', false],
      ['a[^a]b', 'a☺b', true],
      ['a[^x]b', 'a/b', true],
      ['[a-ζ]*', 'α', true],
      ['*[a-ζ]', 'A', false],
      ['[\\]a]', ']', true],
      ['[\\-]', '-', true],
      ['[x\\-]', 'x', true],
      ['[x\\-]', 'z', false],
      ['[\\-x]', 'a', false],
      ['a\\*b', 'a*b', true],
      ['a\\*b', 'ab', false],
      ['a\\?', 'a?', true],
      ['arr[[]0].txt', 'arr[0].txt', true],
    ]);
  });

  it('refuses what Go calls a bad pattern, whatever the name', () => {
    check([
      ['[]a]', ']', 'bad pattern'],
      ['[-]', '-', 'bad pattern'],
      ['[x-]', 'x', 'bad pattern'],
      ['[-x]', 'x', 'bad pattern'],
      ['[a-b-c]', 'a', 'bad pattern'],
      ['[', 'a', 'bad pattern'],
      ['[^', 'a', 'bad pattern'],
      ['[^bc', 'a', 'bad pattern'],
      ['a[', 'a', 'bad pattern'],
      ['a[', 'ab', 'bad pattern'],
      ['a[', 'x', 'bad pattern'],
      ['a/b[', 'x', 'bad pattern'],
      ['\\', 'a', 'bad pattern'],
      ['[\\', 'a', 'bad pattern'],
    ]);
  });

  it('never reconsiders what a star took', () => {
    check([
      ['*[^q]*z', 'a/bz', false],
      ['*b', 'a/b', false],
    ]);
  });

  it('sees wildcards that are not escaped', () => {
    const cases = ['a', 'a*', 'a\\*', 'a\\\\*', '[', 'a?', '\\', 'dir/x'];
    assert.deepEqual(cases.filter(hasWildcard), ['a*', 'a\\\\*', '[', 'a?']);
    assert.deepEqual(splitWildcards('a/b*/c'), { fixed: 'a', pattern: 'b*/c' });
    assert.deepEqual(splitWildcards('*'), { fixed: '', pattern: '*' });
    assert.deepEqual(splitWildcards('a/b'), { fixed: 'a/b', pattern: '' });
  });

  it('matches any name with itself, quoted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const quoted = Array.from(name, (point) => `\\${point}`).join('');
        assert.equal(compileGlob(quoted)?.test(name), true);
      }),
    );
  });

  it('agrees with a regular expression where no class is involved', () => {
    const alphabet = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '/'), maxLength: 8 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 8 });
    fc.assert(
      fc.property(alphabet, name, (pattern, text) => {
        const expression = pattern.replaceAll('*', '[^/]*').replaceAll('?', '[^/]');
        assert.equal(compileGlob(pattern)?.test(text), new RegExp(`^${expression}$`).test(text));
      }),
    );
  });
});
