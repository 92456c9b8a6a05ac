/**
 * Problems underline the word that is wrong and say what to do: the carets stand under the span.
 */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';

/** Dockerfile line, carets under it, code and hint. Each is read behind `FROM scratch`. */
const drawn: readonly (readonly [line: string, carets: string, code: string, hint: string])[] = [
  ['COPPY a b', '^^^^^', 'E_UNKNOWN_INSTRUCTION', 'did you mean COPY?'],
  [
    'XYZZY a',
    '^^^^^',
    'E_UNKNOWN_INSTRUCTION',
    'an instruction begins here: the line above may lack its \\ at the end',
  ],
  ['ARG1 a', '^^^^', 'E_UNKNOWN_INSTRUCTION', 'did you mean ARG?'],
  ['RUN["a"]', '^^^^^^^^', 'E_UNKNOWN_INSTRUCTION', 'write a blank behind RUN: RUN ["a"]'],
  ['RNU a', '^^^', 'E_UNKNOWN_INSTRUCTION', 'did you mean RUN?'],
  ['cpoy a b', '^^^^', 'E_UNKNOWN_INSTRUCTION', 'did you mean copy?'],
  ['COPY --form=x a b', '     ^^^^^^', 'E_UNKNOWN_FLAG', 'did you mean --from?'],
  [
    'COPY --FROM=x a b',
    '     ^^^^^^',
    'E_UNKNOWN_FLAG',
    'COPY knows --from, --chown, --chmod, --link, --exclude, --parents',
  ],
  ['USER --x a', '     ^^^', 'E_UNKNOWN_FLAG', 'USER knows no flags'],
  ['COPY --link=yes a b', '            ^^^', 'E_FLAG_VALUE', 'true or false'],
  [
    'COPY --chown=1 --chown=2 a b',
    '               ^^^^^^^^^',
    'E_DUPLICATE_FLAG',
    '--chown may be given once',
  ],
  ['COPY a', '^^^^', 'E_ARGUMENT_COUNT', 'COPY <source>… <destination>'],
  ['COPY ["a", 1]', '     ^^^^^^^^', 'E_JSON_NOT_STRINGS', 'put every element in double quotes'],
  ['COPY a <<E', '       ^^^', 'E_UNTERMINATED_HEREDOC', 'end it with a line that holds only E'],
  ['ENV a=b c', '        ^', 'E_EQUALS_MISSING', 'quote a value that holds blanks'],
  ['ENV a', '    ^', 'E_ARGUMENT_COUNT', 'ENV a=<value>'],
  ['ENV a=${b:=c}', '      ^^^^^^^', 'E_EXPANSION', 'escape the character if it is meant literally'],
  ['RUN --network=lan a', '              ^^^', 'E_FLAG_VALUE', 'one of default, none, host'],
  ['RUN --mount=type=cahce,target=/a b', '            ^^^^^^^^^^', 'E_MOUNT', 'did you mean cache?'],
  ['RUN --mount=type=cache,taget=/a b', '                       ^^^^^^^^', 'E_MOUNT', 'did you mean target?'],
  [
    'HEALTHCHECK --interval=5 CMD a',
    '                       ^',
    'E_DURATION',
    'write a number with its unit, such as 30s or 1m30s',
  ],
  ['HEALTHCHECK curl', '            ^^^^', 'E_HEALTHCHECK_TYPE', 'write CMD before the command'],
  ['FROM a AS 1b', '          ^^', 'E_STAGE_NAME', 'use letters, digits, - _ and . and begin with a letter'],
  ['ONBUILD FROM a', '        ^^^^', 'E_ONBUILD_TRIGGER', 'remove this FROM'],
  ['VOLUME ["/a", ""]', '              ^^', 'E_EMPTY_VOLUME', 'write an absolute path'],
];

describe('a FROM that is misspelt', () => {
  it('is the one problem: what follows stands in its stage', () => {
    const { problems } = readDockerfile('arg A\nform debian:12\nWORKDIR /a\nRUN true\n');
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['E_UNKNOWN_INSTRUCTION'],
    );
  });
});

describe('problems', () => {
  for (const [line, carets, code, hint] of drawn) {
    it(`underlines what is wrong in ${line}`, () => {
      const before = 'FROM scratch\n';
      const [problem] = readDockerfile(`${before}${line}\n`).problems;
      const { start = 0, end = 0 } = problem?.span ?? {};
      const underlined = ' '.repeat(start - before.length) + '^'.repeat(end - start);
      assert.deepEqual([underlined, problem?.code, problem?.hint], [carets, code, hint]);
    });
  }

  it('the first line goes on nowhere', () => {
    const [problem] = readDockerfile('xyzzy a\n').problems;
    assert.equal(problem?.hint, 'a line begins with an instruction, such as COPY, RUN or WORKDIR');
  });

  it('are all listed, in the order of the text', () => {
    const { problems } = readDockerfile('FROM a\nFOO\nCOPY --x --y a b\nUSER\n');
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['E_UNKNOWN_INSTRUCTION', 'E_UNKNOWN_FLAG', 'E_UNKNOWN_FLAG', 'E_ARGUMENT_COUNT'],
    );
  });

  it('of a trigger are warnings, as the build of this file accepts it', () => {
    const { problems } = readDockerfile('FROM a\nONBUILD COPY a\nONBUILD FOO\n');
    assert.deepEqual(
      problems.map(({ severity }) => severity),
      ['warning', 'warning'],
    );
  });
});
