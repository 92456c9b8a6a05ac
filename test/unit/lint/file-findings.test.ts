/** What the reader refuses and what the rules find of a file, said once. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { fileFindings } from '../../../core/lint/file-findings.ts';
import { DEFAULT_LINT_OPTIONS, type RuleSet } from '../../../core/lint/run.ts';

function idsOf(text: string, ruleSet?: RuleSet, ignored: readonly string[] = []): readonly string[] {
  const options = { ...DEFAULT_LINT_OPTIONS, ignored: new Set(ignored) };
  return fileFindings(readDockerfile(text), ruleSet, options).map(({ ruleId }) => ruleId);
}

const CASES: readonly (readonly [text: string, expected: readonly string[]])[] = [
  ['FROM a:1 AS x$Y\n', ['E_STAGE_NAME']],
  ['FROM a:1 AS Xy\n', ['StageNameCasing']],
  ['FROM a:1\nCMD [1]\n', ['E_JSON_NOT_STRINGS']],
  ['FROM a:1\nCOPY --from=$X a /b\n', ['E_FROM_VARIABLE']],
  ['FROM a: 1\n', ['E_ARGUMENT_COUNT']],
  ['FROM Debian\n', ['NR107']],
  ['FROM a:1\nCOPY --from=0 a /b\n', ['NR118']],
  ['FROM a:1\nCOPY --from=7 a /b\n', ['NR103']],
  ['# escape=`\n# escape=`\nFROM a:1\n', ['E_DUPLICATE_DIRECTIVE']],
  // On other words there is something else to say.
  ['FROM a:1 AS x$Y\nFROM a:1 AS Zz\nCOPY --from=x a /b\n', ['E_STAGE_NAME', 'StageNameCasing', 'DL3022']],
];

describe('a thing that is wrong', () => {
  for (const [text, expected] of CASES) {
    it(`is told once: ${JSON.stringify(text)}`, () => {
      const found = idsOf(text).filter((id) => id !== 'NR014');
      assert.deepEqual(found, expected);
    });
  }

  it('is told by the rules of a tool as well', () => {
    assert.ok(idsOf('FROM a:1 AS X$Y\n', 'all').includes('StageNameCasing'));
    assert.deepEqual(idsOf('FROM Debian\n', 'hadolint'), ['DL3006']);
  });

  it('is told by the rule where the reader is silenced', () => {
    assert.deepEqual(idsOf('FROM a:1 AS X$Y\n', 'naru', ['E_STAGE_NAME']), ['StageNameCasing']);
  });
});

describe('words of an instruction that the one above has swallowed', () => {
  it('are no destination of ours, and are written into by nobody', () => {
    const text = 'FROM a:1\nWORKDIR /app\nCOPY a b ./ \\\nRUN npm ci\n';
    assert.deepEqual(idsOf(text), ['NR117']);
    const found = fileFindings(readDockerfile(text), 'hadolint');
    assert.deepEqual(
      found.map(({ fix, ruleId }) => [ruleId, fix]),
      [['DL3021', undefined]],
    );
  });
});
