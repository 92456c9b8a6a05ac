/**
 * Variable expansion: forms, quotes, escapes, words, and where the variables stand.
 */

import assert from 'node:assert/strict';

import { expand } from '../../../core/dockerfile/expansion.ts';

const values: Readonly<Record<string, string>> = {
  A: 'one',
  E: '',
  P: '/usr/local/lib/a.tar.gz',
  S: 'x  y',
  U: 'a\\b',
};

function lookup(name: string): string | undefined {
  return values[name];
}

const texts: [source: string, expected: string][] = [
  ['$A', 'one'],
  ['${A}', 'one'],
  ['$A-b', 'one-b'],
  ['$Ab', ''],
  ['a$', 'a$'],
  ['$(x)', '$(x)'],
  ['\\$A', '$A'],
  ['$$', ''],
  ["'$A'", '$A'],
  ['"$A"', 'one'],
  ['"\\$A"', '$A'],
  ['"a\\b"', 'a\\b'],
  ['a\\b', 'ab'],
  ["'a\\b'", 'a\\b'],
  ['${X:-w}', 'w'],
  ['${E:-w}', 'w'],
  ['${E-w}', ''],
  ['${A:-w}', 'one'],
  ['${X:-$A}', 'one'],
  ['${X:-${Y:-z}}', 'z'],
  ['${A:+w}', 'w'],
  ['${E:+w}', ''],
  ['${E+w}', 'w'],
  ['${X+w}', ''],
  ['${A:?no}', 'one'],
  ['${E?no}', ''],
  ['${P#*/}', 'usr/local/lib/a.tar.gz'],
  ['${P##*/}', 'a.tar.gz'],
  ['${P%.*}', '/usr/local/lib/a.tar'],
  ['${P%%.*}', '/usr/local/lib/a'],
  ['${P#/???/}', 'local/lib/a.tar.gz'],
  ['${P%nothing}', '/usr/local/lib/a.tar.gz'],
  ['${P/l/L}', '/usr/Local/lib/a.tar.gz'],
  ['${P//l/L}', '/usr/LocaL/Lib/a.tar.gz'],
  ['${P//\\//_}', '_usr_local_lib_a.tar.gz'],
  ['${P/l*l/-}', '/usr/-ib/a.tar.gz'],
  ['C:\\\\x', 'C:\\x'],
  ['$U', 'a\\b'],
  ['<<EOF', '<<EOF'],
];

const faults: [source: string, message: string][] = [
  ['${', "syntax error: missing '}'"],
  ['${}', 'syntax error: bad substitution'],
  ['${A', 'unsupported modifier (\uFFFD) in substitution'],
  ['${A:-x', "syntax error: missing '}'"],
  ['${A:=x}', 'unsupported modifier (:=) in substitution'],
  ['${A^}', 'unsupported modifier (^) in substitution'],
  ['${A:#x}', 'unsupported modifier (:#) in substitution'],
  ['${A/x}', "syntax error: missing '/' in ${}"],
  ['${A#\\x}', "invalid pattern (\\x) in substitution: invalid escape '\\x'"],
  ['${X:?not set}', 'X: not set'],
  ['${X?}', 'X: is not allowed to be unset'],
  ['${E:?}', 'E: is not allowed to be empty'],
  ["'a", 'unexpected end of statement while looking for matching single-quote'],
  ['"a', 'unexpected end of statement while looking for matching double-quote'],
];

const words: [source: string, expected: string[]][] = [
  ['a  b', ['a', 'b']],
  ['a "b c"', ['a', 'b c']],
  ['$S', ['x', 'y']],
  ['"$S"', ['x  y']],
  ['a\\ b', ['a b']],
  ["'' a", ['a']],
  ['1$A 2', ['1one', '2']],
];

describe('expand', () => {
  it('expands every form', () => {
    const actual = texts.map(([source]) => [source, expand(source, { escape: '\\', lookup }).text]);
    assert.deepEqual(actual, texts);
  });

  it("tells faults in BuildKit's words", () => {
    const actual = faults.map(([source]) => [
      source,
      expand(source, { escape: '\\', lookup }).fault?.message,
    ]);
    assert.deepEqual(actual, faults);
  });

  it('splits words after expansion, respecting quotes', () => {
    const actual = words.map(([source]) => [
      source,
      expand(source, { escape: '\\', lookup }).words.map(({ text }) => text),
    ]);
    assert.deepEqual(actual, words);
  });

  it('escapes with the backtick when told so', () => {
    assert.equal(expand('C:\\x`$A', { escape: '`', lookup }).text, 'C:\\x$A');
  });

  it('takes the replacement of // for a template of Go, as BuildKit does', () => {
    const templates: Readonly<Record<string, string>> = { A: 'one', Z: '<$0>', Y: '$$', X: '$x' };
    const texts = ['${A//n/$Z}', '${A//n/$Y}', '${A//n/$X}', '${A/n/$X}'].map((source) => {
      return expand(source, { escape: '\\', lookup: (name) => templates[name] }).text;
    });
    assert.deepEqual(texts, ['o<n>e', 'o$e', 'oe', 'o$xe']);
  });

  it('says where each variable stands and whether it is set', () => {
    const source = 'a $A ${X:-$Y}';
    const { uses } = expand(source, { escape: '\\', lookup });
    const told = uses.map(({ name, isSet, span }) => [name, isSet, source.slice(span.start, span.end)]);
    assert.deepEqual(told, [
      ['A', true, '$A'],
      ['Y', false, '$Y'],
      ['X', false, '${X:-$Y}'],
    ]);
  });
});
