/**
 * Variable expansion: forms, quotes, escapes, words, and where the variables stand.
 */

import assert from 'node:assert/strict';

import { expand, type ExpandOptions } from '../../../core/dockerfile/expansion.ts';

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

  it('says where the name stands, and what is done with the value', () => {
    const source = '$A-${A}-${X:+w}-${X-w}-${P##*/}-${P%.gz}-${P/l/L}-${P//l/L}-$1a';
    const told = expand(source, { escape: '\\', lookup }).uses.map(
      ({ name, span, nameSpan, ...rest }) =>
        [
          name,
          source.slice(span.start, span.end),
          nameSpan.start - span.start,
          nameSpan.end - nameSpan.start,
          rest,
        ] as const,
    );
    assert.deepEqual(told, [
      ['A', '$A', 1, 1, { isSet: true }],
      ['A', '${A}', 2, 1, { isSet: true }],
      ['X', '${X:+w}', 2, 1, { isSet: false, operator: ':+' }],
      ['X', '${X-w}', 2, 1, { isSet: false, operator: '-' }],
      ['P', '${P##*/}', 2, 1, { isSet: true, operator: '#' }],
      ['P', '${P%.gz}', 2, 1, { isSet: true, operator: '%' }],
      ['P', '${P/l/L}', 2, 1, { isSet: true, operator: '/' }],
      ['P', '${P//l/L}', 2, 1, { isSet: true, operator: '/' }],
      ['1', '$1', 1, 1, { isSet: false }],
    ]);
  });

  it('says where each word came from', () => {
    const told = (source: string): readonly string[] =>
      expand(source, { escape: '\\', lookup }).words.map(
        ({ text, span }) => `${text} of ${source.slice(span.start, span.end)}`,
      );
    assert.deepEqual(told('plain'), ['plain of plain']);
    assert.deepEqual(told(' a  "b c"d\\ e '), ['a of a', 'b cd e of "b c"d\\ e']);
    assert.deepEqual(told('x$S z'), ['xx of x$S', 'y of $S', 'z of z']);
    assert.deepEqual(told('<< \tE <F'), ['<< \tE of << \tE', '<F of <F']);
  });

  it('is nothing but what it met where there is a fault, which has its place', () => {
    const told = (source: string): readonly unknown[] => {
      const { text, words: found, uses, fault } = expand(source, { escape: '\\', lookup });
      return [text, found, uses.length, source.slice(fault?.span.start, fault?.span.end)];
    };
    assert.deepEqual(told('a $A ${A^} b'), ['', [], 1, '${A^']);
    assert.deepEqual(told("a $A 'b"), ['', [], 1, "'b"]);
    assert.deepEqual(told('$A "b$E'), ['', [], 2, '"b$E']);
    assert.deepEqual(told('$A ${X:-b'), ['', [], 1, '${X:-b']);
    assert.deepEqual(told('$A ${X?b} c'), ['', [], 2, '${X?b}']);
    assert.deepEqual(told('"${A^}" $A'), ['', [], 0, '${A^']);
  });

  it('leaves what it is told to leave', () => {
    const source = '"$A \\" \\z" \\x \'b\' $X ${X} ${X:-w} ${E:-w} ${X/a/b} ${X#a}';
    const left = (options: Partial<ExpandOptions>): string =>
      expand(source, { escape: '\\', lookup, ...options }).text;
    assert.deepEqual(
      [{}, { keepsQuotes: true }, { keepsEscapes: true }, { keepsUnset: true }, { ignoresQuotes: true }].map(
        left,
      ),
      [
        'one " \\z x b   w w  ',
        '"one " \\z" x \'b\'   w w  ',
        'one \\" \\\\z \\x b   w w  ',
        'one " \\z x b $X ${X} ${X:-w} w ${X/a/b} ${X#a}',
        '"one " z" x \'b\'   w w  ',
      ],
    );
  });

  it('nests as deep as anybody writes', () => {
    const nested = (depth: number): string => `${'${X:-'.repeat(depth)}w${'}'.repeat(depth)}`;
    assert.equal(expand(nested(400), { escape: '\\', lookup }).text, 'w');
    const side = expand(`${nested(400)}${nested(400)}`, { escape: '\\', lookup });
    assert.equal(side.text, 'ww');
    const message = 'substitutions are nested too deeply';
    assert.equal(expand(nested(10_000), { escape: '\\', lookup }).fault?.message, message);
    assert.equal(
      expand(`\${P/${'*a'.repeat(501)}/}`, { escape: '\\', lookup }).fault?.message,
      `invalid pattern (${'*a'.repeat(501)}) in substitution: too many wildcards`,
    );
    assert.equal(expand(`\${P/${'*a'.repeat(500)}/}`, { escape: '\\', lookup }).text, values['P']);
  });
});
