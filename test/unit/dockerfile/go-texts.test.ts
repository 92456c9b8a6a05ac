/** Texts and durations as Go writes and reads them (strconv.Quote, time.ParseDuration), and what counts as a blank. */

import assert from 'node:assert/strict';

import { parseDuration } from '../../../core/dockerfile/duration.ts';
import { goQuote, goQuoteCharacter } from '../../../core/dockerfile/go-quote.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';

describe('quotes of Go', () => {
  it('escape what is not printable', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['', '""'],
      ["a'b", `"a'b"`],
      ['a"b', '"a\\"b"'],
      ['a\\b', '"a\\\\b"'],
      ['\x07\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
      ['\0\x1f\x7f', '"\\x00\\x1f\\x7f"'],
      ['\x80\u00a0\u00ad', '"\\u0080\\u00a0\\u00ad"'],
      ['\u2028\ue000', '"\\u2028\\ue000"'],
      ['\u{1fffe}', '"\\U0001fffe"'],
      ['é 한 😀', '"é 한 😀"'],
    ];
    assert.deepEqual(
      cases.map(([text]) => [text, goQuote(text)]),
      cases,
    );
  });

  it('of one character are single', () => {
    const cases: readonly (readonly [number, string])[] = [
      [0, "'\\x00'"],
      [10, "'\\n'"],
      [34, `'"'`],
      [39, "'\\''"],
      [65, "'A'"],
      [92, "'\\\\'"],
      [0x20ac, "'€'"],
      [0xd7ff, "'\\ud7ff'"],
      [0xd800, "'\ufffd'"],
      [0xdfff, "'\ufffd'"],
      [0xe000, "'\\ue000'"],
      [0x10ffff, "'\\U0010ffff'"],
      [0x110000, "'\ufffd'"],
      [-1, "'\ufffd'"],
      [1.5, "'\ufffd'"],
      [Number.NaN, "'\ufffd'"],
    ];
    assert.deepEqual(
      cases.map(([code]) => [code, goQuoteCharacter(code)]),
      cases,
    );
  });
});

describe('durations of Go', () => {
  const read: readonly (readonly [string, number])[] = [
    ['0', 0],
    ['+0', 0],
    ['5s', 5000],
    ['1h2m3.5s', 3_723_500],
    ['1.s', 1000],
    ['.5s', 500],
    ['.25s', 250],
    ['-1.5s', -1500],
    ['-0', 0],
    ['100ms', 100],
    ['1500us', 1.5],
    ['1500µs', 1.5],
    ['1500μs', 1.5],
    ['2500000ns', 2.5],
    ['1m1m', 120_000],
    ['+1s', 1000],
  ];
  for (const [text, ms] of read)
    it(`${text} in milliseconds`, () => assert.deepEqual(parseDuration(text), { kind: 'duration', ms }));

  const refused = [
    '',
    '+',
    '-',
    '1',
    '1.5',
    's',
    '.s',
    '.',
    '1x',
    '1s2',
    '1 s',
    ' 1s',
    '1s ',
    '+-1s',
    '--1s',
    '9999999h',
    '1S',
  ];
  for (const text of refused)
    it(`${JSON.stringify(text)} is none`, () => assert.notEqual(parseDuration(text).kind, 'duration'));
});

describe('blanks', () => {
  it('around words are those of Unicode, as in Go', () => {
    const blanks = [
      '\t',
      '\v',
      '\f',
      ' ',
      '\x85',
      '\xa0',
      '\u1680',
      '\u2000',
      '\u2005',
      '\u200a',
      '\u2028',
      '\u2029',
      '\u202f',
      '\u205f',
      '\u3000',
    ];
    const words = blanks.map((blank) => {
      const { value } = readDockerfile(`FROM a\nLABEL x=1${blank}y=2\n`);
      const [, label] = value.instructions;
      return label?.name === 'LABEL' ? label.pairs.length : 0;
    });
    assert.deepEqual(
      words,
      blanks.map(() => 2),
    );
    const others = ['\u1fff', '\u200b', '\u2030', '\ufeff', 'x', '\x08', '\x0e'];
    const joined = others.map((other) => {
      const { value } = readDockerfile(`FROM a\nLABEL x=1${other}y=2\n`);
      const [, label] = value.instructions;
      return label?.name === 'LABEL' ? label.pairs.length : 0;
    });
    assert.deepEqual(
      joined,
      others.map(() => 1),
    );
  });
});
