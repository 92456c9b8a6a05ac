/** Comments for ShellCheck, where there is none; what it says itself is measured (0.9.0). */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { lintDockerfile } from '../../../core/lint/run.ts';

/** The script, and the lines of it (from 1) that SC2086 speaks of. */
const CASES: readonly (readonly [script: string, lines: readonly number[]])[] = [
  ['echo $A', [1]],
  ['# shellcheck disable=SC2086\necho a\necho $A', []],
  ['#!/bin/sh\n# why\n# shellcheck disable=SC2086\nset -e\necho $A', []],
  ['echo b\n# shellcheck disable=SC2086\necho $A\necho $A', [4]],
  ['echo b\n# shellcheck disable=SC2046,SC2086\n\n# x\necho $A\necho $A', [6]],
  ['echo b\n# shellcheck disable=2086\necho $A', []],
  ['echo b\n# shellcheck source=x disable=SC2000-SC2999\necho $A', []],
  ['echo b\n# shellcheck disable=all\necho $A', []],
  ['echo b\n# shellcheck disable=SC2046\necho $A', [3]],
  ['echo b\n# shellcheck disable=SC2087-SC2999\necho $A', [3]],
  ['echo b\n# shellcheck disable=SC2086\necho \\\n  $A\necho $A', [5]],
  ['echo b\n# shellcheck disable=SC2086\nif true; then\necho $A\nfi', []],
  ['echo b # shellcheck disable=SC2086\necho $A', [2]],
  ['echo b\n# shellcheck says disable=SC2086\necho $A', []],
  ['echo b\n# no shellcheck disable=SC2086\necho $A', [3]],
];

describe('comments for ShellCheck', () => {
  for (const [script, lines] of CASES) {
    it(JSON.stringify(script), () => {
      const { value } = readDockerfile(`FROM debian:12\nRUN <<EOF\n${script}\nEOF\n`);
      for (const rules of ['naru', 'hadolint'] as const) {
        const found = lintDockerfile(value, rules).filter(({ ruleId }) => ruleId === 'SC2086');
        const told = found.map(({ span }) => value.lines.positionAt(span.start).line - 1);
        assert.deepEqual(told, lines, rules);
      }
    });
  }

  it('speak of no other RUN', () => {
    const { value } = readDockerfile(
      'FROM a:1\nRUN <<EOF\n# shellcheck disable=SC2086\necho $A\nEOF\nRUN echo $A\n',
    );
    const found = lintDockerfile(value).filter(({ ruleId }) => ruleId === 'SC2086');
    assert.deepEqual(
      found.map(({ line }) => line),
      [5],
    );
  });
});
