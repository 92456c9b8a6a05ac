/**
 * Reading whole files: lines, continuations, comments, stages, and the way back from words to the source.
 */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { Instruction } from '../../../core/dockerfile/types.ts';

/** `line keyword flags | rest` of every instruction. */
function outline(text: string): string[] {
  const { value } = readDockerfile(text);
  return value.instructions.map((instruction: Instruction) => {
    const flags = instruction.flags.map(({ name, value: given }) => `${name}=${given ?? ''}`).join(' ');
    return [instruction.line + 1, instruction.keyword, flags, '|', instruction.rest.text].join(' ');
  });
}

const cases: { name: string; text: string; outline: string[] }[] = [
  { name: 'one instruction per line', text: 'FROM a\nRUN b\n', outline: ['1 FROM  | a', '2 RUN  | b'] },
  { name: 'CRLF', text: 'FROM a\r\nRUN b \\\r\n  c\r\n', outline: ['1 FROM  | a', '2 RUN  | b   c'] },
  { name: 'a byte order mark', text: '\uFEFFFROM a\n', outline: ['1 FROM  | a'] },
  {
    name: 'comments and empty lines inside a continuation',
    text: 'FROM a\nRUN b \\\n # c\n\n  d\nUSER e',
    outline: ['1 FROM  | a', '2 RUN  | b   d', '6 USER  | e'],
  },
  {
    name: 'an escaped escape at the end of the line',
    text: 'FROM a\nRUN b \\\\\nFROM c',
    outline: ['1 FROM  | a', '2 RUN  | b \\\\', '3 FROM  | c'],
  },
  { name: 'blanks after the escape', text: 'FROM \\ \t\na', outline: ['1 FROM  | a'] },
  { name: 'a keyword split by a continuation', text: 'FR\\\nOM a', outline: ['1 FROM  | a'] },
  {
    name: 'a backtick as escape',
    text: '# escape=`\nFROM a\nRUN dir C:\\ `\n  x',
    outline: ['2 FROM  | a', '3 RUN  | dir C:\\   x'],
  },
  {
    name: 'the escape directive after a comment is a comment',
    text: '# c\n# escape=`\nFROM a\nRUN b \\\n c',
    outline: ['3 FROM  | a', '4 RUN  | b  c'],
  },
  {
    name: 'flags',
    text: 'FROM a\nCOPY --from=b --link -x e f',
    outline: ['1 FROM  | a', '2 COPY from=b link= | -x e f'],
  },
  {
    name: 'quotes and a double dash in flags',
    text: 'FROM a\nCOPY --from="b c" -- --d e',
    outline: ['1 FROM  | a', '2 COPY from=b c | --d e'],
  },
  {
    name: 'heredocs',
    text: 'FROM a\nRUN <<A cat 3<<-"B"\nx\nA\n\ty\n\tB\nUSER c',
    outline: ['1 FROM  | a', '2 RUN  | <<A cat 3<<-"B"', '7 USER  | c'],
  },
  {
    name: 'arrows that are not heredocs',
    text: 'FROM a\nRUN cat <<<x; echo $((1<<2)) "<<EOF"\nUSER b',
    outline: ['1 FROM  | a', '2 RUN  | cat <<<x; echo $((1<<2)) "<<EOF"', '3 USER  | b'],
  },
];

describe('readDockerfile', () => {
  for (const { name, text, outline: expected } of cases) {
    it(`reads ${name}`, () => {
      assert.deepEqual(outline(text), expected);
      assert.deepEqual(readDockerfile(text).problems, []);
    });
  }

  it('leads every character of a logical line back to its source', () => {
    const text = 'FROM a\nRUN one \\\n# no\n  two';
    const { rest } = readDockerfile(text).value.instructions[1] ?? { rest: undefined };
    const back = Array.from(rest?.text ?? '')
      .map((_char, at) => text[rest?.sourceOffset(at) ?? 0])
      .join('');
    assert.equal(back, rest?.text);
  });

  it('keeps words inside their own line', () => {
    const text = 'FROM a\nCOPY one\\\n  two /x';
    const copy = readDockerfile(text).value.instructions[1];
    const spans =
      copy?.name === 'COPY' ? copy.sources.map(({ span }) => text.slice(span.start, span.end)) : [];
    assert.deepEqual(spans, ['one', 'two']);
  });

  it('groups stages, the preamble before them', () => {
    const { value } = readDockerfile('ARG v=1\nFROM a:$v AS Build\nRUN b\nFROM scratch\n');
    assert.deepEqual(
      value.preamble.map(({ name }) => name),
      ['ARG'],
    );
    assert.deepEqual(
      value.stages.map(({ name, instructions }) => [name, instructions.length]),
      [
        ['Build', 1],
        [undefined, 0],
      ],
    );
  });

  it('collects comments since the previous instruction, a bare # starts again', () => {
    const { value } = readDockerfile('# syntax=x\n# one\n#\n# two\n\n# three\nFROM a\n');
    const above = value.instructions[0]?.commentsAbove.map(({ text }) => text);
    assert.deepEqual(above, ['two', 'three']);
    assert.deepEqual(
      value.directives.map(({ name, value: given }) => [name, given]),
      [['syntax', 'x']],
    );
  });

  it('reads the trigger of ONBUILD with its own spans and heredocs', () => {
    const text = 'FROM a\nONBUILD COPY --link <<E /x\nhi\nE\n';
    const { value, problems } = readDockerfile(text);
    const onbuild = value.instructions[1];
    const trigger = onbuild?.name === 'ONBUILD' ? onbuild.trigger : undefined;
    assert.deepEqual(problems, []);
    assert.equal(trigger?.name, 'COPY');
    assert.equal(text.slice(trigger?.keywordSpan.start, trigger?.keywordSpan.end), 'COPY');
    assert.equal(trigger?.heredocs[0]?.body, 'hi\n');
  });

  it('reads several ARGs of one line', () => {
    const { value } = readDockerfile('ARG A B=2 C="x y"\nFROM a');
    const first = value.preamble[0];
    const variables = first?.name === 'ARG' ? first.variables : [];
    assert.deepEqual(
      variables.map(({ key, value: given }) => [key.text, given?.text]),
      [
        ['A', undefined],
        ['B', '2'],
        ['C', '"x y"'],
      ],
    );
  });
});
