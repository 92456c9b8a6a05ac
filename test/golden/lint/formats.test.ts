/** What each output format prints for the same findings, to the letter; `NARU_GOLDENS=write` writes the files in formats/ anew, to be reviewed as a diff. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { FORMATS } from '../../../core/lint/formats/index.ts';
import { type Reported, toReported } from '../../../core/lint/formats/reported.ts';
import type { Finding } from '../../../core/lint/rule.ts';
import { NARU_VERSION } from '../../../core/version.ts';

/** Two files, one twice; everything that some format must write otherwise. */
const REPORTED: readonly Reported[] = [
  {
    file: 'b\\D',
    line: 2,
    column: 5,
    endLine: 2,
    endColumn: 9,
    level: 'error',
    code: 'DL3004',
    message: 'do not <use> \'sudo\' & "x"\ny',
  },
  {
    file: 'a:1,2%',
    line: 1,
    column: 6,
    endLine: 3,
    endColumn: 2,
    level: 'style',
    code: 'AB',
    message: 'm\t\r\u0007\u007F\u009F é',
  },
  {
    file: 'b\\D',
    line: 3,
    column: 1,
    endLine: 3,
    endColumn: 1,
    level: 'info',
    code: 'DL3004',
    message: 'n',
  },
  {
    file: 'b\\D',
    line: 4,
    column: 1,
    endLine: 4,
    endColumn: 3,
    level: 'warning',
    code: 'Aa',
    message: '100%',
  },
];

describe('output formats, to the letter', () => {
  for (const [name, format] of Object.entries(FORMATS)) {
    it(name, () => {
      const path = join(import.meta.dirname, 'formats', `${name}.txt`);
      const printed = [format(REPORTED), format([])]
        .map((text) => JSON.stringify(text.replaceAll(`"${NARU_VERSION}"`, '"VERSION"')))
        .join('\n');
      if (process.env['NARU_GOLDENS'] === 'write') writeFileSync(path, `${printed}\n`);
      assert.equal(`${printed}\n`, readFileSync(path, 'utf8'));
    });
  }
});

describe('a finding as it is reported', () => {
  const text = '\uFEFFFROM a\n  RUN é😀 b \\\n  c\n';
  const { value } = readDockerfile(text);
  const finding: Finding = {
    ruleId: 'R1',
    family: 'naru',
    aliases: [],
    severity: 'info',
    message: 'm',
    span: { start: 0, end: 0 },
    line: 0,
  };
  const at = (start: number, end: number, line: number): number[] => {
    const reported = toReported('f', value, { ...finding, span: { start, end }, line });
    return [reported.line, reported.column, reported.endLine, reported.endColumn];
  };

  it('counts lines and columns from 1, in UTF-16, without the byte order mark', () => {
    assert.deepEqual(at(0, 0, 0), [1, 1, 1, 1]);
    assert.deepEqual(at(1, 5, 0), [1, 1, 1, 5]);
    assert.deepEqual(at(text.indexOf('b'), text.indexOf('b') + 1, 1), [2, 11, 2, 12]);
    const bare = readDockerfile(text.slice(1)).value;
    const { column, endColumn } = toReported('f', bare, { ...finding, span: { start: 0, end: 4 } });
    assert.deepEqual([column, endColumn], [1, 5]);
    assert.deepEqual(at(text.indexOf('RUN'), text.indexOf('c') + 1, 1), [2, 3, 3, 4]);
  });

  it('stands at the start of the line its tool names, where that is another one', () => {
    assert.deepEqual(at(text.indexOf('c'), text.indexOf('c') + 1, 1), [2, 1, 2, 1]);
  });

  it('keeps what the finding says', () => {
    assert.deepEqual(toReported('a b', value, { ...finding, severity: 'error' }), {
      file: 'a b',
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 1,
      level: 'error',
      code: 'R1',
      message: 'm',
    });
  });
});
