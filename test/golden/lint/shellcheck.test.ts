/** The rules that stand in for ShellCheck beside the real one, on the same files. Skipped where it is not installed. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { DEFAULT_LINT_OPTIONS, makeContext } from '../../../core/lint/run.ts';
import { checkedScripts, shellcheckQuestion } from '../../../core/lint/shellcheck/scripts.ts';
import { askShellcheck, findShellcheck } from '../../../local/shellcheck.ts';
import { skipBecause } from '../../support/skip.ts';
import { findingsOf } from '../../unit/lint/rules/marked.ts';
import { SHELLCHECK_CASES } from '../../unit/lint/rules/shellcheck-cases.ts';

describe('rules in the place of the real ShellCheck', () => {
  it('find what it finds', async function () {
    this.timeout(120_000);
    const program = findShellcheck(process.env);
    if (program === undefined) skipBecause(this, 'there is no shellcheck on PATH');
    const files = Object.entries(SHELLCHECK_CASES).flatMap(([id, cases]) =>
      cases.map((text) => ({ id, text: `FROM a:1\n${text.replaceAll(/[«»]/g, '')}` })),
    );
    const scripts = files.flatMap(({ text }) =>
      makeContext(readDockerfile(text).value, DEFAULT_LINT_OPTIONS)
        .once(checkedScripts)
        .map((script) => shellcheckQuestion(script).text()),
    );
    const answers = await askShellcheck(program, scripts, { timeoutMs: 60_000, nAtOnce: 2 });
    for (const { id, text } of files) {
      const real = findingsOf(id, text, { shellcheck: ({ text: ask }) => answers.get(ask()) });
      assert.deepEqual(
        findingsOf(id, text).map(({ severity, span }) => ({ severity, span })),
        real.map(({ severity, span }) => ({ severity, span })),
        `${id}: ${text}`,
      );
    }
  });
});
