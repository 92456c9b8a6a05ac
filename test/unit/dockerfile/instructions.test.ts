/** Every instruction: documented, and read into its node. */

import assert from 'node:assert/strict';

import { INSTRUCTIONS, instructionSpec } from '../../../core/dockerfile/instructions/index.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { CommandForm, Instruction, Word } from '../../../core/dockerfile/types.ts';

function readOne(line: string): Instruction | undefined {
  return readDockerfile(`FROM a\n${line}\n`).value.instructions[1];
}

function textOf(word: Word | undefined): string | undefined {
  return word?.text;
}

function commandOf(command: CommandForm | undefined): unknown {
  if (command === undefined) return undefined;
  return command.kind === 'exec' ? command.words.map(textOf) : command.text;
}

/** What an instruction's node holds, in short. */
function contentOf(instruction: Instruction | undefined): unknown {
  switch (instruction?.name) {
    case 'FROM':
      return [instruction.image, instruction.asKeyword, instruction.stageName].map(textOf);
    case 'COPY':
    case 'ADD':
      return [instruction.sources.map(textOf), textOf(instruction.destination), instruction.isJson];
    case 'ENV':
    case 'LABEL':
      return instruction.pairs.map(({ key, value, isLegacy }) => [key.text, value.text, isLegacy]);
    case 'ARG':
      return instruction.variables.map(({ key, value }) => [key.text, textOf(value)]);
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'SHELL':
      return commandOf(instruction.command);
    case 'HEALTHCHECK':
      return [textOf(instruction.type), commandOf(instruction.command)];
    case 'EXPOSE':
    case 'VOLUME':
      return [instruction.values.map(textOf), instruction.isJson];
    case 'USER':
    case 'WORKDIR':
    case 'STOPSIGNAL':
    case 'MAINTAINER':
      return textOf(instruction.value);
    case 'ONBUILD':
      return [instruction.trigger?.name, contentOf(instruction.trigger)];
    case 'UNKNOWN':
    case undefined:
      return instruction?.keyword;
  }
}

const contents: readonly (readonly [line: string, content: unknown])[] = [
  ['FROM b:1 As C', ['b:1', 'As', 'C']],
  ['FROM b', ['b', undefined, undefined]],
  ['COPY a "b c" d', [['a', '"b', 'c"'], 'd', false]],
  ['COPY --link ["a b", "c\\"d"]', [['a b'], 'c"d', true]],
  ['ADD [a, b] c', [['[a,', 'b]'], 'c', false]],
  ['COPY a', [['a'], undefined, false]],
  [
    'ENV a=b c="d e" f=g\\ h i=',
    [
      ['a', 'b', false],
      ['c', '"d e"', false],
      ['f', 'g\\ h', false],
      ['i', '', false],
    ],
  ],
  ['ENV a  b = c', [['a', 'b = c', true]]],
  [
    'LABEL "a b"=c d=\'e f\'',
    [
      ['"a b"', 'c', false],
      ['d', "'e f'", false],
    ],
  ],
  [
    'ARG a b="c d"',
    [
      ['a', undefined],
      ['b', '"c d"'],
    ],
  ],
  ['RUN a | b "c"', 'a | b "c"'],
  ['RUN ["a", "b c"]', ['a', 'b c']],
  ["RUN ['a']", "['a']"],
  ['RUN [ -f x ] && y', '[ -f x ] && y'],
  ['CMD []', []],
  ['ENTRYPOINT', ''],
  ['SHELL ["a", "-c"]', ['a', '-c']],
  ['HEALTHCHECK --interval=1s CMD a b', ['CMD', 'a b']],
  ['HEALTHCHECK cmd ["a"]', ['cmd', ['a']]],
  ['HEALTHCHECK NONE', ['NONE', undefined]],
  ['EXPOSE 80 81/udp', [['80', '81/udp'], false]],
  ['VOLUME /a /b', [['/a', '/b'], false]],
  ['VOLUME ["/a b"]', [['/a b'], true]],
  ['WORKDIR /a b', '/a b'],
  ['onbuild copy --from=a b c', ['COPY', [['b'], 'c', false]]],
  ['FOO x', 'FOO'],
];

describe('instructions', () => {
  it('have texts for hover and completion', () => {
    for (const { name, summary, syntax, flags } of INSTRUCTIONS) {
      assert.match(summary, /^[A-Z].*\.$/, name);
      assert.ok(syntax.length > 0 && syntax.every((line) => line.startsWith(name)), name);
      for (const flag of flags) {
        assert.match(flag.summary, /^[A-Z].*\.$/, `${name} --${flag.name}`);
        for (const key of flag.keys ?? [])
          assert.match(key.summary, /^[A-Z].*\.$/, `${name} --${flag.name} ${key.name}`);
      }
    }
  });

  it('are found in any case', () => {
    assert.equal(instructionSpec('cOpY')?.name, 'COPY');
    assert.equal(instructionSpec('COPYY'), undefined);
  });

  for (const [line, content] of contents) {
    it(`reads ${line}`, () => assert.deepEqual(contentOf(readOne(line)), content));
  }
});
