/** Formatting: what it changes, what it leaves, and that it never changes what is built. */

import assert from 'node:assert/strict';

import fc from 'fast-check';

import { formatDockerfile } from '../../../core/dockerfile/format.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';

const CASES: readonly (readonly [string, string, string])[] = [
  ['keywords', 'from a\nrun x\n', 'FROM a\nRUN x\n'],
  ['blanks at both ends of a line', '  FROM a  \n\t# c \n', 'FROM a\n# c\n'],
  ['a continued line without indentation', 'RUN a \\\nb\n', 'RUN a \\\n    b\n'],
  ['a continued line with its own', 'RUN a \\\n  b\n', 'RUN a \\\n  b\n'],
  ['a word that goes on below', 'RUN a\\\nb\n', 'RUN a\\\nb\n'],
  ['blanks behind a continuation', 'RUN a \\  \n    b\n', 'RUN a \\\n    b\n'],
  ['nothing inside quotes', 'RUN echo "a \\\nb  " \\\nc\n', 'RUN echo "a \\\nb  " \\\n    c\n'],
  ['nothing in a heredoc', 'RUN <<EOF\n  a  \nEOF\n', 'RUN <<EOF\n  a  \nEOF\n'],
  ['the end of the file', 'FROM a', 'FROM a\n'],
  ['the end of a file with CRLF', 'FROM a\r\nRUN b', 'FROM a\r\nRUN b\r\n'],
  ['lines of blanks', 'FROM a\n   \nRUN b\n', 'FROM a\n\nRUN b\n'],
  ['unknown words', 'FROM a\nrunn x\n', 'FROM a\nrunn x\n'],
];

describe('format', () => {
  for (const [name, text, expected] of CASES) {
    it(name, () => assert.equal(format(text), expected));
  }

  it('changes nothing the second time, and never what an instruction says', () => {
    const line = fc.constantFrom(
      'FROM a',
      '  run x \\',
      'y "z',
      'RUN a\\',
      'b',
      '" && w',
      '# c  ',
      '',
      '\t',
      'COPY <<E /x',
      'E',
      " echo 'a  \\",
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const text = lines.join('\n');
        const once = format(text);
        assert.equal(format(once), once);
        assert.deepEqual(meaning(once), meaning(text));
      }),
      { numRuns: 500 },
    );
  });
});

function format(text: string): string {
  const changes = formatDockerfile(readDockerfile(text).value);
  let out = text;
  for (const { span, text: inserted } of changes.toReversed()) {
    out = out.slice(0, span.start) + inserted + out.slice(span.end);
  }
  return out;
}

/** Instructions with blanks between words made one; heredoc bodies exactly. */
function meaning(text: string): unknown {
  return readDockerfile(text).value.instructions.map((instruction) => ({
    keyword: instruction.keyword.toUpperCase(),
    rest: instruction.rest.text.replace(/[ \t]+/g, ' ').trim(),
    bodies: instruction.heredocs.map((heredoc) => heredoc.body),
  }));
}
