/** What the reader guesses is offered as a change; a script nested beyond reason is read by nobody, and nothing breaks. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { problemFindings } from '../../../core/lint/problems.ts';
import { lintDockerfile } from '../../../core/lint/run.ts';

describe('changes for what the reader refuses', () => {
  const CASES: readonly (readonly [text: string, change: string | undefined])[] = [
    ['FROM a:1\nRNU x', 'RNU -> RUN'],
    ['FROM a:1\ncoyp x y', 'coyp -> copy'],
    ['FROM a:1\nCOPY --form=b x y', '--form -> --from'],
    ['FROM a:1\nCMD["a","b"]', 'CMD["a","b"] -> CMD ["a","b"]'],
    ['from:a', 'from:a -> from a'],
    ['FROM a:1\nWORKDIR/app', 'WORKDIR/app -> WORKDIR /app'],
    ['FROM a:1\nXYZZY x', undefined],
    ['FROM a:1\nCOPY --xyzzy=b x y', undefined],
  ];
  for (const [text, change] of CASES) {
    it(`${JSON.stringify(text)}: ${change ?? 'none'}`, () => {
      const { value, problems } = readDockerfile(text);
      const [finding] = problemFindings(value, problems, 'naru');
      assert.ok(finding !== undefined);
      const [edit] = finding.fix?.edits ?? [];
      const said = edit && `${text.slice(edit.span.start, edit.span.end)} -> ${edit.text}`;
      assert.equal(said, change);
      assert.equal(finding.fix?.needsReview, change === undefined ? undefined : true);
    });
  }
});

describe('scripts nested without end', () => {
  const DEEP = 5000;
  const SCRIPTS: Readonly<Record<string, string>> = {
    substitutions: `${'$('.repeat(DEEP)}x${')'.repeat(DEEP)}`,
    subshells: `${'('.repeat(DEEP)}x${')'.repeat(DEEP)}`,
    groups: `${'{ '.repeat(DEEP)}x${'; }'.repeat(DEEP)}`,
    expansions: `echo ${'${a:-'.repeat(DEEP)}x${'}'.repeat(DEEP)}`,
    conditions: `${'if true; then '.repeat(DEEP)}x${'; fi'.repeat(DEEP)}`,
    quoted: `echo ${'"$('.repeat(DEEP)}x${')"'.repeat(DEEP)}`,
    backticks: '`'.repeat(DEEP),
    loops: `${'while a; do '.repeat(DEEP)}x${'; done'.repeat(DEEP)}`,
  };
  for (const [name, script] of Object.entries(SCRIPTS)) {
    it(name, () => {
      for (const set of ['naru', 'all', 'hadolint', 'buildkit'] as const) {
        const found = lintDockerfile(readDockerfile(`FROM a\nRUN ${script}\nUSER root\n`).value, set);
        assert.ok(found.length > 0 || set === 'buildkit');
      }
    });
  }
});
