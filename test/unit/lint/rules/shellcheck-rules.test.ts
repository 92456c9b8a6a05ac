/** The rules that stand in for ShellCheck where there is none. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../../core/dockerfile/read.ts';
import { DEFAULT_LINT_OPTIONS, lintDockerfile } from '../../../../core/lint/run.ts';
import { checkTable } from './marked.ts';
import { BASH, SHELLCHECK_CASES } from './shellcheck-cases.ts';

describe('rules in the place of ShellCheck', () => {
  for (const [id, cases] of Object.entries(SHELLCHECK_CASES)) {
    it(`${id}: ${cases.length} files`, () => {
      checkTable({ id, cases: cases.map((text) => `FROM a:1\n${text}`) });
    });
  }

  it('take it that a script which is read sets what is used after it, other than ShellCheck', () => {
    checkTable({ id: 'SC2154', cases: ['FROM a:1\nRUN . /etc/os-release && echo "$version"'] });
  });

  it('say what ShellCheck says', () => {
    const messages = [
      'RUN echo "$lower"',
      'RUN echo "$RTTP_PROXY"',
      'RUN echo "$RANDOM"',
      'RUN rm $(ls) $NAME',
    ].flatMap((run) =>
      lintDockerfile(readDockerfile(`FROM a:1\n${run}`).value, 'hadolint')
        .filter(({ family }) => family === 'shellcheck')
        .map(({ message, ruleId, severity }) => `${ruleId} ${severity} ${message}`),
    );
    assert.deepEqual(messages, [
      'SC2154 warning lower is referenced but not assigned.',
      'SC2153 info Possible misspelling: RTTP_PROXY may not be assigned. Did you mean HTTP_PROXY?',
      'SC3028 warning In POSIX sh, RANDOM is undefined.',
      'SC2046 warning Quote this to prevent word splitting.',
      'SC2086 info Double quote to prevent globbing and word splitting.',
    ]);
  });

  it('know nothing of the stage that a trigger will run in, as hadolint', () => {
    const text = `FROM a:1\nARG name\n${BASH}ONBUILD RUN echo "$name" "$RANDOM"`;
    const ids = (rules: 'hadolint' | 'naru'): readonly string[] =>
      lintDockerfile(readDockerfile(text).value, rules).map(({ ruleId }) => ruleId);
    assert.deepEqual(ids('hadolint'), ['SC2154', 'SC3028']);
    assert.deepEqual(ids('naru'), []);
  });

  it('leave an ARG above the first FROM to the rule that knows where it was meant to be', () => {
    const text = 'ARG name\nFROM a:1\nRUN echo "$name"';
    const ids = lintDockerfile(readDockerfile(text).value).map(({ ruleId }) => ruleId);
    assert.deepEqual(ids, ['NR028']);
  });

  it('stay inside a file that ends in the middle of an expansion', () => {
    for (const end of ['echo ${name', 'cat <<EOF\n${name', '<<EOF\necho ${name', 'cat <<EOF\n`id']) {
      const text = `FROM a:1\nRUN ${end}`;
      const spans = lintDockerfile(readDockerfile(text).value, 'all').map(({ span }) => span.end);
      assert.ok(Math.max(...spans) <= text.length, text);
    }
  });

  it('are silent where the real one was asked', () => {
    const { value } = readDockerfile('FROM a:1\nRUN echo $NAME "$lower"');
    const found = lintDockerfile(value, 'all', { ...DEFAULT_LINT_OPTIONS, shellcheck: () => [] });
    assert.deepEqual(
      found.filter(({ family }) => family === 'shellcheck'),
      [],
    );
  });
});
