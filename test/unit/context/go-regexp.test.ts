/** Regular expressions as Go reads them (https://github.com/google/re2/wiki/Syntax), as far as an ignore pattern can hold them. */

import assert from 'node:assert/strict';

import { goRegExp } from '../../../core/context/go-regexp.ts';

/** Expression, texts of which it matches each whole, texts of which it matches none. */
const CASES: readonly (readonly [source: string, matches: readonly string[], others: readonly string[]])[] = [
  ['a.c', ['abc', 'a☺c', 'a.c'], ['a\nc', 'ac']],
  ['a]b}c{d', ['a]b}c{d'], ['ab']],
  ['a\\.c', ['a.c'], ['abc']],
  ['\\*\\?\\(\\)\\[\\]\\{\\}\\|\\+\\^\\$\\/\\\\', ['*?()[]{}|+^$/\\'], ['']],
  ['\\-\\#\\ ', ['-# '], ['']],
  ['\\d\\D', ['1a'], ['a1', '11']],
  ['\\w\\W', ['_-'], ['--', 'a_']],
  ['a\\sb', ['a b', 'a\tb', 'a\nb', 'a\fb', 'a\rb'], ['a\vb', 'a\u00a0b', 'asb']],
  ['a\\Sb', ['asb', 'a\vb', 'a\u00a0b'], ['a b', 'a\tb']],
  ['\\a\\f\\n\\r\\t\\v', ['\x07\f\n\r\t\v'], ['afnrtv']],
  ['\\Aa\\z', ['a'], ['A', 'az']],
  ['a\\bb', [], ['ab', 'a b']],
  ['a\\Bb', ['ab'], ['a b']],
  ['[abc]', ['a', 'c'], ['d', '']],
  ['[^abc]', ['d', '^', '\n'], ['a']],
  ['[a^]', ['a', '^'], ['b']],
  ['[]a]', [']', 'a'], ['b']],
  ['[^]a]', ['b'], [']', 'a']],
  ['[a-c]', ['a', 'b', 'c'], ['d', '-']],
  ['[a-a]', ['a'], ['b']],
  ['[a-]', ['a', '-'], ['b']],
  ['[-a]', ['a', '-'], ['b']],
  ['[a-c-e]', ['b', '-', 'e'], ['d']],
  ['[[]', ['['], [']']],
  ['[\\]]', [']'], ['\\']],
  ['[\\\\]', ['\\'], ['a']],
  ['[\\-\\^\\[x]', ['-', '^', '[', 'x'], ['\\', 'y']],
  ['[\\!-\\/]', ['!', '+', '/'], ['0', '\\']],
  ['[\\d_]', ['5', '_'], ['a']],
  ['[\\D]', ['a'], ['5']],
  ['[\\w-]', ['a', '-'], ['+']],
  ['[\\W]', ['+'], ['a']],
  ['[\\sx]', [' ', '\t', 'x'], ['s', '\v', 'y']],
  ['[\\n\\t]', ['\n', '\t'], ['n', 't']],
  ['[\\t-\\r]', ['\t', '\n', '\v', '\f', '\r'], [' ']],
  ['[\\a\\f\\v]', ['\x07', '\f', '\v'], ['a', 'f', 'v']],
  ['[😀-😂]', ['😁'], ['😃']],
  ['[&&x~~]', ['&', 'x', '~'], ['z']],
  ['[[:digit:]]', ['7'], ['a', ':', '[']],
  ['[[:digit:]a]', ['7', 'a'], ['b']],
  ['[^[:digit:]]', ['a'], ['7']],
  ['[[:alnum:]]', ['a', 'Z', '0'], ['_', '-']],
  ['[[:alpha:]]', ['a', 'Z'], ['0']],
  ['[[:ascii:]]', ['\0', '~', '\x7f'], ['é']],
  ['[[:blank:]]', [' ', '\t'], ['\n']],
  ['[[:cntrl:]]', ['\0', '\x1f', '\x7f'], [' ']],
  ['[[:graph:]]', ['!', '~'], [' ']],
  ['[[:lower:]]', ['a'], ['A']],
  ['[[:print:]]', [' ', '~'], ['\n']],
  ['[[:punct:]]', ['!', '/', ':', '@', '[', '`', '{', '~', '-', ']', '\\'], ['a', '0', 'Z', ' ']],
  ['[[:space:]]', [' ', '\v'], ['a']],
  ['[[:upper:]]', ['A'], ['a']],
  ['[[:word:]]', ['a', '_', '9'], ['-']],
  ['[[:xdigit:]]', ['f', 'F', '9'], ['g']],
  ['[[:]', ['[', ':'], ['a']],
  ['[[:a]', ['[', ':', 'a'], ['b']],
  ['a*b?c+', ['c', 'aabcc'], ['ab']],
  ['(a|b)c', ['ac', 'bc'], ['c']],
];

const REFUSED: readonly string[] = [
  '\\',
  'a\\',
  '\\y',
  '\\1',
  '\\é',
  '\\😀',
  '[',
  '[]',
  '[^]',
  '[a',
  '[a-',
  '[a\\',
  '[c-a]',
  '[a-\\d]',
  '[\\d-z]',
  '[\\y]',
  '[\\1]',
  '[[:nope:]]',
  '[[:digit:]',
  '[a-[:digit:]',
  '*a',
  '(a',
  'a)',
];

describe('regular expressions of Go', () => {
  for (const [source, matches, others] of CASES) {
    it(`${JSON.stringify(source)} matches ${JSON.stringify(matches)}`, () => {
      const whole = goRegExp(`^(${source})$`);
      const all = [...matches, ...others];
      assert.deepEqual(
        all.filter((text) => whole?.test(text)),
        matches,
      );
    });
  }

  for (const source of REFUSED) {
    it(`${JSON.stringify(source)} is refused`, () => assert.equal(goRegExp(source), undefined));
  }
});
