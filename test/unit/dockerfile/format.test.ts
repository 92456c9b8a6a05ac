/** Formatting: what it changes, what it leaves, and that it never changes what is built. */

import assert from 'node:assert/strict';

import fc from 'fast-check';

import { formatDockerfile } from '../../../core/dockerfile/format.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';

const CASES: readonly (readonly [string, string, string])[] = [
  ['keywords', 'from a as b\nrun x\n', 'FROM a AS b\nRUN x\n'],
  ['blanks at both ends of a line', '  FROM a  \n\t# c \n', 'FROM a\n# c\n'],
  ['a continued line without indentation', 'COPY a \\\nb\n', 'COPY a \\\n    b\n'],
  ['not the text of a shell', 'RUN a \\\nb  \n', 'RUN a \\\nb\n'],
  [
    'flags before it',
    'RUN --network=none \\\n--mount=type=ssh \\\na \\\nb\n',
    'RUN --network=none \\\n    --mount=type=ssh \\\n    a \\\nb\n',
  ],
  ['a command in exec form', 'CMD ["a", \\\n"b"]\n', 'CMD ["a", \\\n    "b"]\n'],
  ['not the command of a health check', 'HEALTHCHECK CMD a \\\nb\n', 'HEALTHCHECK CMD a \\\nb\n'],
  ['not a value without =', 'ENV a b \\\nc\n', 'ENV a b \\\nc\n'],
  ['values with =', 'ENV a=b \\\nc=d\n', 'ENV a=b \\\n    c=d\n'],
  ['not an argument that is the rest of the line', 'WORKDIR /a \\\nb\n', 'WORKDIR /a \\\nb\n'],
  ['a continued line with its own', 'RUN a \\\n  b\n', 'RUN a \\\n  b\n'],
  ['a word that goes on below', 'RUN a\\\nb\n', 'RUN a\\\nb\n'],
  ['blanks behind a continuation', 'COPY a \\  \n    b\n', 'COPY a \\\n    b\n'],
  ['nothing inside quotes', 'COPY echo "a \\\nb  " \\\nc\n', 'COPY echo "a \\\nb  " \\\n    c\n'],
  ['nothing in a heredoc', 'RUN <<EOF\n  a  \nEOF\n', 'RUN <<EOF\n  a  \nEOF\n'],
  ['the end of the file', 'FROM a', 'FROM a\n'],
  ['the end of a file with CRLF', 'FROM a\r\nRUN b', 'FROM a\r\nRUN b\r\n'],
  ['lines of blanks', 'FROM a\n   \nRUN b\n', 'FROM a\n\nRUN b\n'],
  ['unknown words', 'FROM a\nrunn x\n', 'FROM a\nrunn x\n'],
  ['nothing inside single quotes', "COPY a 'b \\\nc  ' \\\nd\n", "COPY a 'b \\\nc  ' \\\n    d\n"],
  ['a quote inside others', `COPY "it's" \\\n'"' \\\nd\n`, `COPY "it's" \\\n    '"' \\\n    d\n`],
  ['an escape in single quotes', "COPY 'a\\' \\\nb\n", "COPY 'a\\' \\\n    b\n"],
  ['an escaped quote', 'COPY a \\" \\\nb\n', 'COPY a \\" \\\n    b\n'],
  ['an escaped quote inside quotes', 'RUN "a \\" \\\nb  " c\n', 'RUN "a \\" \\\nb  " c\n'],
  ['a quote behind a continuation', 'COPY a \\\n"b \\\n  c  "\n', 'COPY a \\\n    "b \\\n  c  "\n'],
  ['a continued line with CRLF', 'COPY a \\\r\nb\r\n', 'COPY a \\\r\n    b\r\n'],
  ['quotes over lines with CRLF', 'COPY "a\\\r\nb  " \\\r\nc\r\n', 'COPY "a\\\r\nb  " \\\r\n    c\r\n'],
  ['a quote at the end of a line with CRLF', 'RUN a "\\\r\n"  \r\n', 'RUN a "\\\r\n"  \r\n'],
  ['comments between', 'COPY a \\\n# c\nb\n', 'COPY a \\\n    # c\n    b\n'],
  ['several comments between', 'COPY a \\\n  # c\n\n \t # d\nb\n', 'COPY a \\\n  # c\n\n \t # d\n    b\n'],
  ['comments inside a word', 'RUN a\\\n# c \\\nb\n', 'RUN a\\\n# c \\\nb\n'],
  [
    'several comments inside a word',
    'RUN a\\\n# c \\\n \t# d \\\n\nb\n',
    'RUN a\\\n# c \\\n \t# d \\\n\nb\n',
  ],
  ['empty lines inside a word', 'RUN a\\\n\n\nb\n', 'RUN a\\\n\n\nb\n'],
  ['a word that ends in a blank and more', 'RUN a \\ b\\\nc\n', 'RUN a \\ b\\\nc\n'],
  ['keywords that are words below', 'COPY a \\\nfrom b\n', 'COPY a \\\n    from b\n'],
  ['not a trigger, which the image keeps as it is', 'onbuild copy a \\\nb\n', 'ONBUILD copy a \\\nb\n'],
  ['nothing in the heredoc of a trigger', 'ONBUILD RUN <<E\n  a  \nE\n', 'ONBUILD RUN <<E\n  a  \nE\n'],
  ['a heredoc without an end', 'RUN <<E\n  a', 'RUN <<E\n  a'],
  ['the other escape', '# escape=`\nCOPY a `\nb\n', '# escape=`\nCOPY a `\n    b\n'],
  ['nothing', '', ''],
];

describe('format', () => {
  for (const [name, text, expected] of CASES) {
    it(name, () => assert.equal(format(text), expected));
  }

  it('leaves keywords as they are where it is told to', () => {
    assert.equal(format('  from a\n copy \\\nb\n', false), 'from a\ncopy \\\n    b\n');
  });

  it('says only what changes, in the order of the file', () => {
    const { value } = readDockerfile('  from a\nRUN b \nrun c');
    assert.deepEqual(formatDockerfile(value), [
      { span: { start: 0, end: 2 }, text: '' },
      { span: { start: 2, end: 6 }, text: 'FROM' },
      { span: { start: 14, end: 15 }, text: '' },
      { span: { start: 16, end: 19 }, text: 'RUN' },
      { span: { start: 21, end: 21 }, text: '\n' },
    ]);
  });

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
      'copy --chmod=1 \\',
      'env a \\',
      'cmd ["a", \\',
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

function format(text: string, isUpperCase = true): string {
  const changes = formatDockerfile(readDockerfile(text).value, isUpperCase);
  let out = text;
  for (const { span, text: inserted } of changes.toReversed()) {
    out = out.slice(0, span.start) + inserted + out.slice(span.end);
  }
  return out;
}

/** Arguments with the blanks between words made one, commands and heredoc bodies exactly. */
function meaning(text: string): unknown {
  return readDockerfile(text).value.instructions.map((instruction) => ({
    keyword: instruction.keyword.toUpperCase(),
    rest: /^(?:COPY|FROM)$/.test(instruction.name)
      ? instruction.rest.text.replace(/[ \t]+/g, ' ').trim()
      : instruction.rest.text,
    bodies: instruction.heredocs.map((heredoc) => heredoc.body),
  }));
}
