/**
 * Which texts of an instruction are expanded, and the variables in them with their place in the source.
 */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { expandableTexts, mayExpand, variableMentions } from '../../../core/dockerfile/variables.ts';

/** The last instruction of a file. */
function lastOf(text: string) {
  const { value } = readDockerfile(`FROM a\n${text}`);
  const instruction = value.instructions.at(-1);
  assert.ok(instruction);
  return { value, instruction };
}

const texts: readonly (readonly [text: string, expanded: string[]])[] = [
  ['FROM --platform=$P $I AS b', ['$I', '$P']],
  ['COPY --chown=$A --from=b --link $B $C/', ['$A', '$B', '$C/']],
  ['ADD --chmod=$A b c', ['$A', 'b', 'c']],
  ['COPY --chown --chmod b c', ['b', 'c']],
  ['RUNN --mount=$A $B', []],
  ['COPY <<E <<"F" $A\n$B\nE\n$C\nF\n', ['$A', '$B\n']],
  ['ADD --checksum=$A $B $C', ['$A', '$B', '$C']],
  ['ENV $A=$B c="$D"', ['$A', '$B', 'c', '"$D"']],
  ['ARG a=$B c', ['$B']],
  ['EXPOSE $A $B/udp', ['$A', '$B/udp']],
  ['VOLUME ["$A"]', ['$A']],
  ['WORKDIR $A/b c', ['$A/b c']],
  ['RUN --mount=type=cache,target=$A --network=none echo $B', ['type=cache,target=$A']],
  ['CMD $A', []],
  ['ENTRYPOINT ["$A"]', []],
  ['HEALTHCHECK CMD $A', []],
  ['SHELL ["$A"]', []],
  ['MAINTAINER $A', []],
  ['ONBUILD ENV a=$B', []],
];

describe('expandableTexts', () => {
  for (const [text, expanded] of texts) {
    it(`of ${JSON.stringify(text)}`, () => {
      const { instruction } = lastOf(text);
      assert.deepEqual(
        expandableTexts(instruction).map((one) => one.text),
        expanded,
      );
    });
  }
});

describe('mayExpand', () => {
  const answers: readonly (readonly [text: string, may: boolean])[] = [
    ['USER a', false],
    ['USER $A', true],
    ['USER "a"', true],
    ["USER 'a'", true],
    ['USER a\\b', true],
    ['RUN $A "b"', false],
    ['RUN <<E\n$A\nE', false],
    ['RUN --mount=target=a b', false],
    ['RUN --mount=target=$A b', true],
    ['RUN --network=none --mount=\'target="a"\' b', true],
    ['COPY --link a b', false],
    ['COPY --chown=\'"a"\' a b', true],
    ['COPY <<E a\nE', true],
  ];
  for (const [text, may] of answers)
    it(`is ${may} of ${JSON.stringify(text)}`, () => assert.equal(mayExpand(lastOf(text).instruction), may));
});

describe('variableMentions', () => {
  it('say where each variable stands, whether it is set, and how it is used', () => {
    const { value, instruction } = lastOf("ENV a=$B \\\n  c=${D:-$B}'$E'");
    const mentions = variableMentions(instruction, value.escape, (name) => (name === 'B' ? 'b' : undefined));
    const told = mentions.map(({ span, isSet, operator }) => [
      value.text.slice(span.start, span.end),
      isSet,
      operator,
    ]);
    assert.deepEqual(told, [
      ['$B', true, undefined],
      ['$B', true, undefined],
      ['${D:-$B}', false, ':-'],
    ]);
  });

  it('take quotes in heredocs for characters, and the escape of the shell', () => {
    const { value, instruction } = lastOf("COPY <<E /x\n'$A' \\$B `$C\nE\n");
    const told = variableMentions(instruction, '`', () => undefined).map(({ span }) =>
      value.text.slice(span.start, span.end),
    );
    assert.deepEqual(told, ['$A', '$C']);
  });

  it('span the whole text where characters do not correspond', () => {
    const { value, instruction } = lastOf('USER a\\\n$B');
    const [mention] = variableMentions(instruction, value.escape, () => undefined);
    assert.equal(value.text.slice(mention?.span.start, mention?.span.end), 'a\\\n$B');
  });
});
