/**
 * Our reader and dockerfile-ast, written by others, find the same instructions on the same lines.
 * Where they differ BuildKit agrees with ours; those texts are listed with dockerfile-ast's fault.
 * See docs/decisions/0005-own-dockerfile-reader.md.
 */

import assert from 'node:assert/strict';

import { DockerfileParser } from 'dockerfile-ast';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { REFUSED_FILES } from '../../golden/dockerfile/refused-files.ts';

const SHAPES: readonly string[] = [
  'FROM a AS b\nCOPY --from=c --chown=1:2 d e /f/\nRUN g && \\\n    h \\\n # i\n\n  j\n',
  '# syntax=docker/dockerfile:1\n# escape=`\nFROM a\nRUN b `\n  c\nCOPY d C:\\\\e\n',
  'FROM a\r\nENV b=c \\\r\n  d=e\r\nUSER f\r\n',
  '\uFEFF# syntax=x\nFROM a\n',
  'FROM a\nRUN <<A <<-"B" cat\nx\nA\n\ty\n\tB\nUSER c\n',
  'FROM a\nCOPY <<A /b\n# not a comment\nFROM c\nA\nUSER d',
  'FROM a\nRUN --mount=type=cache,target=/b \\\n  <<E\nc\nE\nUSER d\n',
  'FROM a\nRUN cat <<<b; echo $((1<<2)); echo "<<E"\nUSER c\n',
  'FROM a\nCMD ["b", \\\n  "c"]\nONBUILD RUN <<E\nd\nE\nUSER e\n',
  'FR\\\nOM a\nU\\\nSER b\n',
  'FROM a\n  # indented\n  RUN b\n\t\n\tUSER c',
  'ARG a=1 b=2\n\n\nFROM c:$a\nLABEL d="e f" \\\n g=\'h\'\nHEALTHCHECK --interval=1s CMD i\n',
];

/** Text -> what dockerfile-ast 0.7.1 does wrong. */
const KNOWN_FAULTS: ReadonlyMap<string, string> = new Map([
  ['FROM a\nRUN b \\\\\nFROM c\n', 'takes an escaped escape at the end of a line for a continuation'],
  ['FROM a\nRUN cat 3<<E\nUSER\nE\nUSER b\n', 'does not know heredocs with a file descriptor'],
  [
    'FROM a\nRUN echo $((1 << 2))\nUSER a\n2))\nUSER b\n',
    'does not see that a shift with blanks begins a heredoc',
  ],
]);

describe('a second reading', () => {
  for (const text of SHAPES) {
    it(`agrees on ${JSON.stringify(text)}`, () => assert.deepEqual(ourLines(text), theirLines(text)));
  }

  it('agrees on the files that BuildKit is asked about, but for those listed', () => {
    const differing = REFUSED_FILES.filter(
      ([, text]) => JSON.stringify(ourLines(text)) !== JSON.stringify(theirLines(text)),
    );
    assert.deepEqual(differing.map(([name]) => name).sort(), [...DIFFERING_FILES].sort());
  });

  for (const [text, fault] of KNOWN_FAULTS) {
    it(`still differs where dockerfile-ast ${fault}`, () =>
      assert.notDeepEqual(ourLines(text), theirLines(text)));
  }
});

/** All but the last three: how far a heredoc reaches that is not ended, or that begins where dockerfile-ast sees none. */
const DIFFERING_FILES: readonly string[] = [
  'COPY with unterminated heredoc',
  'RUN with unterminated heredoc',
  'RUN with the second heredoc unterminated',
  'RUN with an indented terminator',
  'RUN with spaces before the terminator of <<-',
  'RUN with a redirection glued to the heredoc',
  'RUN with a shift that reads as a heredoc',
  'RUN with a heredoc behind a bad substitution',
  'ONBUILD with unterminated heredoc',
  'lone escape at the end',
  'lone escape before an instruction',
  'line that ends in an escaped escape',
];

function ourLines(text: string): string[] {
  const { value } = readDockerfile(text);
  return value.instructions.map(({ keyword, keywordSpan, span }) => {
    const first = value.lines.positionAt(keywordSpan.start).line;
    return `${keyword} ${first}-${value.lines.positionAt(span.end).line}`;
  });
}

function theirLines(text: string): string[] {
  return DockerfileParser.parse(text)
    .getInstructions()
    .map((instruction) => {
      const { start, end } = instruction.getRange();
      return `${instruction.getInstruction()} ${start.line}-${end.line}`;
    });
}
