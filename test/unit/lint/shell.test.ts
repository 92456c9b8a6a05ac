/** What runs in a RUN: the commands in it with their words, wherever they stand, and the places they have in the Dockerfile. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { DEFAULT_LINT_OPTIONS, makeContext } from '../../../core/lint/run.ts';
import type { ShellScript } from '../../../core/lint/shell/script.ts';

function scriptOf(text: string): ShellScript {
  const context = makeContext(readDockerfile(text).value, DEFAULT_LINT_OPTIONS);
  const [placed] = context.instructions('RUN');
  assert.ok(placed !== undefined, text);
  return context.shellOf(placed.instruction);
}

/** Behind `RUN `, and each command as `name|argument|…`. */
const COMMANDS: readonly (readonly [string, readonly string[]])[] = [
  ['a b c', ['a|b|c']],
  ['a && b || c; d & e', ['a', 'b', 'c', 'd', 'e']],
  ['a | b |& c', ['a', 'b', 'c']],
  ['(a; b) && { c; }', ['a', 'b', 'c']],
  ['if a; then b; elif c; then d; else e; fi', ['a', 'b', 'c', 'd', 'e']],
  ['for x in 1 2; do a $x; done', ['a|${x}']],
  ['while a; do b; done; until c; do d; done', ['a', 'b', 'c', 'd']],
  ['case $x in a) b;; *) c;; esac', ['b', 'c']],
  ['f() { a; }; f', ['a', 'f']],
  ['! a', ['a']],
  ['a $(b c) `d e` "$(f)"', ['a|${bc}|${VAR}|${f}', 'b|c', 'd|e', 'f']],
  ['a <(b) >(c)', ['a||', 'b', 'c']],
  ['x=$(a) b', ['a', 'b']],
  ['x=1 a', ['a']],
  ['x=1', []],
  ['a "b c" \'d e\' f\\ g', ['a|b c|d e|f g']],
  ['a "$b" "${c}x" ${d:-e} $((1+2)) $1', ['a|${b}|${c}x|${d:-e}|${VAR}|${1}']],
  ['a $\'b\\tc\' $"d"', ['a|b\tc|d']],
  ['a *.txt b?[cd] {e,f} +(g)', ['a|*.txt|b?[cd]|{e,f}|+(g)']],
  ['"a" b; \'c\' d; e"f"g h', ['a|b', 'c|d', 'efg|h']],
  ['$a b; "x$y" c; `d`; $(e)', ['d', 'e']],
  ['*.sh a; {b,c} d', []],
  ['a > b 2>&1 < c >> d', ['a']],
  ['exec a b', ['a|a|b']],
  ['command -v a', ['command|-v|a']],
  ['exec', ['exec']],
  ['builtin cd x; busybox wget y', ['cd|cd|x', 'wget|wget|y']],
  ['/usr/bin/a b', ['/usr/bin/a|b']],
  ['export A=1 B="2 3"; a', ['export|A=1|B="2 3"', 'a']],
  ['a # b\n', ['a']],
  ['a \\\n  # comment\n  b \\\n\n  c', ['a|b|c']],
  ['[ -f a ] && [[ -d b ]]', ['[|-f|a|]']],
  ['time a', ['a']],
  ['a ${b', ['a|${b']],
  ['["a", "b c", "$d"]', ['a|b|c|${d}']],
  ['[]', []],
  ['a "unclosed', ['a|unclosed']],
];

/** A RUN with heredocs, its interpreter, and its commands. */
const HEREDOCS: readonly (readonly [string, string | undefined, readonly string[]])[] = [
  ['<<EOF\na b\nc\nEOF', undefined, ['a|b', 'c']],
  ['<<-EOF\n\ta\n\tEOF', undefined, ['a']],
  ['<<"EOF"\na $b\nEOF', undefined, ['a|${b}']],
  ['3<<EOF\na\nEOF', undefined, ['a']],
  ['<<EOF bash\na\nEOF', 'bash', ['a']],
  ['<<EOF bash -e\na\nEOF', 'bash -e', ['a']],
  ['<<EOF /usr/bin/env sh\na\nEOF', '/usr/bin/env sh', ['a']],
  ['<<EOF env -i bash\na\nEOF', 'env -i bash', ['a']],
  ['<<EOF python3\na\nEOF', undefined, []],
  ['<<EOF shell\na\nEOF', undefined, []],
  ['<<EOF xsh\na\nEOF', undefined, []],
  ['bash <<EOF\na\nEOF', 'bash', ['a']],
  ['/bin/sh -e -x <<EOF\na\nEOF', '/bin/sh -e -x', ['a']],
  ['bash -o pipefail -s <<EOF\na\nEOF', 'bash -o pipefail -s', ['a']],
  ['bash  -e \\\n  <<EOF\na\nEOF', 'bash  -e', ['a']],
  ['bash script <<EOF\na\nEOF', undefined, ['bash|script']],
  ['bash <<EOF x\na\nEOF', undefined, ['bash|x']],
  ['cat <<EOF\na\nEOF', undefined, ['cat']],
  ['<<EOF cat > /x\na\nEOF', undefined, ['cat']],
  ['<<EOF sh | tee /x\na\nEOF', undefined, ['sh', 'tee|/x']],
  ['a && bash <<EOF\nb\nEOF', undefined, ['a', 'bash']],
  ['cat <<A > /x && b <<B\nc\nA\nd\nB', undefined, ['cat', 'b']],
  ['cat <<EOF\n$(a b)\nEOF', undefined, ['cat', 'a|b']],
  ['<<EOF\n#!/bin/bash -e\na\nEOF', '/bin/bash -e', ['a']],
  ['<<EOF\n#! /usr/bin/env  bash \na\nEOF', '/usr/bin/env  bash', ['a']],
  ['<<EOF\n#!/usr/bin/python3\na\nEOF', undefined, []],
  ['<<EOF bash\n#!/usr/bin/perl\na\nEOF', undefined, []],
  ['<<EOF\na\n#!/usr/bin/perl\nEOF', undefined, ['a']],
  ['<<EOF\r\na \\\r\n b\r\nEOF\r\n', undefined, ['a|b']],
];

/** `«` before and `»` behind the name, the arguments and the pipes. */
const PLACES: readonly string[] = [
  'FROM a:1\nRUN «a» «b» «|» «c»',
  'FROM a:1\nRUN «a» \\\n  # c\n\n  «"b c"» \\\n  «|» «d»',
  'FROM a:1\nRUN [ "«a»", "«b»" , "«c»"]',
  'FROM a:1\nRUN <<EOF\n  «a» «b»\n«c»\nEOF\nRUN x',
  'FROM a:1\r\nRUN <<EOF\r\n«a» \\\r\n  «b»\r\nEOF\r\n',
  'FROM a:1\nRUN «cat» <<EOF «|» «sort»\n$(«a» «b»)\nEOF',
  'FROM a:1\nRUN «a» || «b» «|» «c»',
];

describe('the shell', () => {
  for (const [run, wanted] of COMMANDS) {
    it(`runs ${JSON.stringify(run)}`, () => {
      const commands = scriptOf(`FROM a:1\nRUN ${run}`).commands.map(words);
      assert.deepEqual(commands, wanted);
    });
  }

  it('names commands in the order of the text', () => {
    const { commands } = scriptOf('FROM a:1\nRUN a $(b) | c "$(d $(e))"; f > $(g) h');
    assert.deepEqual(
      commands.map(({ program }) => program),
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
    );
  });

  for (const [run, interpreter, wanted] of HEREDOCS) {
    it(`runs the heredoc of ${JSON.stringify(run)}`, () => {
      const script = scriptOf(`FROM a:1\nRUN ${run}`);
      assert.deepEqual([script.interpreter, script.commands.map(words)], [interpreter, wanted]);
    });
  }

  for (const marked of PLACES) {
    it(`stands in ${JSON.stringify(marked)}`, () => {
      const text = marked.replaceAll(/[«»]/g, '');
      const { commands, pipes } = scriptOf(text);
      const spans = [
        ...commands.flatMap(({ args, name }) => [name.span, ...args.map(({ span }) => span)]),
        ...pipes,
      ];
      let result = text;
      for (const { end, start } of spans.toSorted((a, b) => b.start - a.start)) {
        result = `${result.slice(0, start)}«${result.slice(start, end)}»${result.slice(end)}`;
      }
      assert.equal(result, marked);
    });
  }

  it('tells flags from arguments', () => {
    const [command] = scriptOf('FROM a:1\nRUN a -xy --long --set=1 - -- b "-q"').commands;
    assert.deepEqual(
      command?.flags.map(({ argIndex, name }) => `${argIndex} ${name}`),
      ['0 x', '0 y', '1 long', '2 set', '6 q'],
    );
  });

  it('spans a command with all its words', () => {
    const text = 'FROM a:1\nRUN x && a b > c';
    const [, command] = scriptOf(text).commands;
    assert.equal(text.slice(command?.span.start, command?.span.end), 'a b > c');
  });
});

function words({ args, name }: ShellScript['commands'][number]): string {
  return [name.value, ...args.map(({ value }) => value)].join('|');
}
