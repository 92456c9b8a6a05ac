/** BuildKit reads lines of fewer than 65,536 bytes, line feed included. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';

const BEFORE = 'FROM a\n';

/** Where the line is that is too long. */
function tooLong(line: string): readonly unknown[] {
  const { problems } = readDockerfile(`${BEFORE}${line}\nRUN b\n`);
  return problems.map(({ code, span }) => [code, span.start, span.end]);
}

describe('long lines', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['the longest that is read', `RUN ${'x'.repeat(65_530)}`, false],
    ['one byte more', `RUN ${'x'.repeat(65_531)}`, true],
    ['letters of two bytes', `RUN ${'é'.repeat(32_765)}`, false],
    ['one letter more', `RUN ${'é'.repeat(32_766)}`, true],
    ['letters of three bytes', `RUN ${'한'.repeat(21_844)}`, true],
    ['a comment', `#${'x'.repeat(65_535)}`, true],
  ];
  for (const [name, line, isTooLong] of cases) {
    it(`${name}: ${isTooLong ? 'refused' : 'read'}`, () => {
      const place = ['E_LINE_TOO_LONG', BEFORE.length, BEFORE.length + line.length];
      assert.deepEqual(tooLong(line), isTooLong ? [place] : []);
    });
  }

  it('may follow each other when none is too long', () => {
    assert.deepEqual(tooLong(Array.from({ length: 9 }, () => `RUN ${'y'.repeat(40_000)}`).join('\n')), []);
  });

  it('says what to do', () => {
    const { problems } = readDockerfile(`FROM a\nRUN ${'x'.repeat(70_000)}`);
    assert.deepEqual(
      problems.map(({ message, hint, severity }) => [severity, message, hint]),
      [
        [
          'error',
          'dockerfile line greater than max allowed size of 65535',
          'break the line with the escape character',
        ],
      ],
    );
  });
});
