/** What ends a build, in BuildKit's order: recorded cases are in test/conformance. */

import assert from 'node:assert/strict';

import { problemsOfAnyBuild, problemsOfBuild } from '../../../core/build/reading-problems.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { Problem } from '../../../core/source.ts';

const PLANNED: Problem = {
  code: 'E_PLAN',
  severity: 'error',
  message: 'planned',
  span: { start: 0, end: 1 },
};

/** Codes and lines of what ends a build of which the steps of `leftOut` are no part. */
function ends(text: string, leftOut: readonly number[]): readonly string[] {
  const { value, problems } = readDockerfile(text);
  const { lines } = value;
  const skipped = leftOut
    .map((index) => value.stages[index])
    .flatMap((stage) => [stage?.from, ...(stage?.instructions ?? [])]);
  const found = problemsOfBuild(
    problems,
    [PLANNED],
    value,
    skipped.filter((step) => step !== undefined),
  );
  return found.map(({ code, span }) => `${code} ${lines.positionAt(span.start).line + 1}`);
}

describe('what ends a build', () => {
  it('is no value of a stage that is left out', () => {
    const text = 'FROM a AS x\nENV v=${b^}\nFROM a\nENV v=${b^}\n';
    assert.deepEqual(ends(text, [0]), ['E_PLAN 1', 'E_EXPANSION 4']);
    assert.deepEqual(ends(text, []), ['E_PLAN 1', 'E_EXPANSION 2', 'E_EXPANSION 4']);
  });

  it('is a base that cannot be expanded in any stage, and what the reader refuses anywhere', () => {
    const text = 'FROM a${b^}\nNOPE\nFROM a\n';
    assert.deepEqual(ends(text, [0]), ['E_UNKNOWN_INSTRUCTION 2', 'E_EXPANSION 1', 'E_PLAN 1']);
  });

  it('is, before there is a plan, what no plan makes good', () => {
    const { problems } = readDockerfile('FROM a${b^}\nENV v=${b^}\nNOPE\n');
    assert.deepEqual(
      problemsOfAnyBuild(problems).map(({ code }) => code),
      ['E_UNKNOWN_INSTRUCTION'],
    );
  });
});
