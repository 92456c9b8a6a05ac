/** What ShellCheck reads of a RUN over several lines: as long as the text, with its line ends outside of quotes. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { withLineEnds } from '../../../core/lint/shellcheck/continued-lines.ts';

/** What is written behind RUN, what is read. */
const CASES: readonly (readonly [written: string, read: string])[] = [
  ['a  b', 'a  b'],
  ['a \\\n    b', 'a\\\n   b'],
  ['a\\\n  b', 'a  b'],
  ['a \\\n b', 'a  b'],
  ['a \\\n\tb', 'a  b'],
  ['a  \\\n\tb', 'a \\\nb'],
  ['a \\\n \\\n \\\n b', 'a\\\n  b'],
  ['a \\\n# c\n\tb \\\n  c', 'a  b\\\n c'],
  ['a \\\nb', 'a b'],
  ['a\\\nb', 'ab'],
  ['"a \\\n  b" \\\n  c', '"a   b"\\\n c'],
  ["'a \\\n  b' \\\n  c", "'a   b'\\\n c"],
  ['"\\"" \\\n  c', '"\\""\\\n c'],
  ['<<E\na  b\nE', '<<E\na  b\nE\n'],
];

describe('the lines that ShellCheck reads', () => {
  for (const [written, read] of CASES) {
    it(JSON.stringify(written), () => {
      const [, run] = readDockerfile(`FROM a:1\nRUN ${written}\n`).value.instructions;
      assert.ok(run?.name === 'RUN');
      const text = withLineEnds(run.rest);
      assert.equal(text.length, run.rest.text.length);
      if (run.heredocs.length === 0) assert.equal(text, read);
    });
  }
});
