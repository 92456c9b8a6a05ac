/** Which comments at the top speak to the parser (BuildKit's DirectiveParser), and what they say. */

import assert from 'node:assert/strict';

import { readDirectives } from '../../../core/dockerfile/directives.ts';

/** `name=value` of each, the escape character last. */
const CASES: readonly (readonly [text: string, ...read: readonly string[]])[] = [
  ['', '\\'],
  ['# syntax=a', 'syntax=a', '\\'],
  ['#syntax=a\n', 'syntax=a', '\\'],
  ['# \t SynTax \t=\t a b \t\n', 'syntax=a b', '\\'],
  ['# escape=`\n', 'escape=`', '`'],
  ['# escape=\\\n', 'escape=\\', '\\'],
  ['\uFEFF# escape=`\n', 'escape=`', '`'],
  ['# escape `\n', '\\'],
  ['# escape\n', '\\'],
  ['# escape\n=`', '\\'],
  ['# escape=\n# syntax=a\n', '\\'],
  ['# escape= \t\n`', '\\'],
  ['# escapes=`\n', '\\'],
  ['# es cape=`\n', '\\'],
  ['escape=`\n', '\\'],
  ['\n# escape=`\n', '\\'],
  ['# \n# escape=`\n', '\\'],
  ['FROM a\n# escape=`\n', '\\'],
  ['# remark\n# escape=`\n', '\\'],
  ['# syntax=a\n# remark\n# escape=`\n', 'syntax=a', '\\'],
  ['# syntax=a\n# check=skip=all\n# escape=`\n', 'syntax=a', 'check=skip=all', 'escape=`', '`'],
  ['# syntax=a\r\n# escape=`\r\n', 'syntax=a', 'escape=`', '`'],
  ['  # escape=`\n', 'escape=`', '`'],
  [' # syntax=a\n# escape=`\n', 'escape=`', '`'],
  ['#!/bin/x\n# syntax=a\n# escape=`\n# check=skip=b\n', 'syntax=a', 'check=skip=b', '\\'],
  ['#!/bin/x\n # syntax=a\n# check=skip=b\n', '\\'],
  ['#!/bin/x\n# syntax=a\n # check=skip=b\n# check=skip=c\n', 'syntax=a', '\\'],
];

describe('directives', () => {
  for (const [text, ...read] of CASES) {
    it(`of ${JSON.stringify(text)}`, () => {
      const { directives, escape, problems } = readDirectives(text);
      assert.deepEqual([...directives.map(({ name, value }) => `${name}=${value}`), escape], read);
      assert.deepEqual(problems, []);
    });
  }

  it('stand at their offsets', () => {
    const text = '#!x\n#  syntax =\ta b \n';
    const [directive] = readDirectives(text).directives;
    const spans = [directive?.span, directive?.nameSpan, directive?.valueSpan];
    assert.deepEqual(
      spans.map((span) => text.slice(span?.start, span?.end)),
      ['#  syntax =\ta b', 'syntax', 'a b'],
    );
    assert.deepEqual([...readDirectives(text).lineStarts], [4]);
  });

  it('may be given once, and escape is one of two', () => {
    const told = (text: string): readonly string[] =>
      readDirectives(text).problems.map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`);
    assert.deepEqual(told('# syntax=a\n# SYNTAX=b\n'), ['E_DUPLICATE_DIRECTIVE # SYNTAX=b']);
    assert.deepEqual(told('# escape=xy\n'), ['E_ESCAPE_DIRECTIVE xy']);
    assert.deepEqual(told('#!x\n# escape=xy\n'), []);
    assert.deepEqual(told('# check=nope remark\n'), ['E_CHECK_OPTIONS nope remark']);
    assert.deepEqual(told(' # check=nope\n'), []);
  });
});
