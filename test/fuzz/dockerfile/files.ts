/**
 * Made-up texts for the properties of the Dockerfile reader: fragments that mean something to it, in any order.
 */

import fc from 'fast-check';

const FRAGMENTS: readonly string[] = [
  'FROM a',
  'FROM b AS c',
  'RUN',
  'COPY',
  'ADD',
  'ENV',
  'LABEL',
  'ARG',
  'ONBUILD',
  'HEALTHCHECK',
  'VOLUME',
  'SHELL',
  'CMD',
  'USER x',
  ' ',
  ' ',
  ' ',
  '\n',
  '\n',
  '\n',
  '\r\n',
  '\r',
  '\t',
  '\\\n',
  '\\ \n',
  '\\\\\n',
  '`\n',
  '\\',
  '`',
  '# c',
  '#',
  '# escape=`',
  '# syntax=x',
  '# check=skip=all',
  '<<E',
  '<<-E',
  '3<<"E"',
  '<<',
  '<',
  'E\n',
  '\tE\n',
  '$x',
  '${x',
  '${x:-',
  '}',
  '${x#*',
  '${x/a/b}',
  '$((1<<2))',
  '[',
  ']',
  '["a", "b"]',
  '"',
  "'",
  ',',
  '--',
  '--a=b',
  '--mount=type=cache,target=/x',
  '--from=',
  '=',
  'a=b',
  'CMD',
  'NONE',
  '\u00a0',
  '\uFEFF',
  'é',
  '😀',
  '\0',
];

/** Dockerfile-like texts, mostly broken. */
export const anyFile: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 60 }).map((parts) => parts.join('')),
  fc
    .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ unit: 'binary', maxLength: 6 })), {
      maxLength: 40,
    })
    .map((parts) => parts.join('')),
);

/** Texts for the expansion of variables. */
export const anyExpansion: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      '$',
      '${',
      '}',
      'A',
      'B',
      ':',
      '-',
      '+',
      '?',
      '#',
      '%',
      '/',
      '*',
      '\\',
      '`',
      '"',
      "'",
      ' ',
      'x',
      '<',
      '1',
      '\n',
      'é',
      '😀',
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

/** How often a property is tried. */
export const numRuns = process.env['NARU_TEST_FULL'] === undefined ? 4000 : 200_000;
