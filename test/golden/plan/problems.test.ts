/** What planning says is wrong with Dockerfiles: code, place, message and hint of each, in problems.txt; `NARU_GOLDENS=write` rewrites it. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import { planBuild } from '../../../core/build/plan.ts';
import { defaultBuildOptions } from '../../../core/build/options.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { REFUSED_FILES } from '../dockerfile/refused-files.ts';
import { FAULTY_FILES } from './faulty-files.ts';
import { type PlannedCase, planCase } from './planned-case.ts';

const GOLDEN = join(import.meta.dirname, 'problems.txt');

describe('problems of plans', () => {
  it('are told with place and hint', async () => {
    const out: string[] = [];
    for (const [name, dockerfile, args = []] of [...FAULTY_FILES, ...REFUSED_FILES]) {
      out.push(name, ...told(dockerfile, await planCase({ name, dockerfile, args, files: { a: '' } })));
    }
    const text = `${out.join('\n')}\n`;
    if (process.env['NARU_GOLDENS'] === 'write') writeFileSync(GOLDEN, text);
    assert.equal(text, readFileSync(GOLDEN, 'utf8'));
  }).timeout(120_000);

  it('are those of a resolver that refuses, with a stage that was meant', async () => {
    const refusals: readonly (readonly [string, NaruError])[] = [
      [
        'FROM busybox AS build\nRUN a\nFROM biuld\n',
        new NaruError('not-found', 'E_NO_IMAGE', 'no image biuld'),
      ],
      ['FROM other\n', new NaruError('not-found', 'E_NO_IMAGE', 'no image other', { hint: 'load it' })],
      ['FROM other\n', new NaruError('invalid-argument', 'E_BAD', 'bad image', { hint: 'mend it' })],
    ];
    const problems = await Promise.all(
      refusals.map(async ([text, refusal]) => {
        const options = defaultBuildOptions({ os: 'linux', architecture: 'amd64' });
        const planned = await planBuild(readDockerfile(text).value, options, async (reference) => {
          if (reference === 'busybox') return undefined;
          throw refusal;
        });
        return planned.problems.map(({ code, message, hint, severity }) => [severity, code, message, hint]);
      }),
    );
    assert.deepEqual(problems, [
      [['error', 'E_NO_IMAGE', 'no image biuld', 'did you mean stage build?']],
      [['error', 'E_NO_IMAGE', 'no image other', 'load it']],
      [['error', 'E_BAD', 'bad image', 'mend it']],
    ]);
  });

  it('do not hide that a resolver broke', async () => {
    const options = defaultBuildOptions({ os: 'linux', architecture: 'amd64' });
    const broken = new NaruError('unavailable', 'E_DOWN', 'the registry is down');
    await assert.rejects(
      planBuild(readDockerfile('FROM a\n').value, options, () => Promise.reject(broken)),
      broken,
    );
  });
});

/** Problems of planning, then what was planned nevertheless. */
function told(text: string, { planProblems, plan }: PlannedCase): readonly string[] {
  const lines = planProblems.map(({ code, severity, message, hint, span }) => {
    const note = hint === undefined ? '' : ` (${hint})`;
    return `  ${severity} ${code} at ${span.start}-${span.end} ${JSON.stringify(text.slice(span.start, span.end))}: ${message}${note}`;
  });
  const steps = plan?.vertices.map(
    ({ line, op }) =>
      `${line} ${op.kind}${'platform' in op ? ` ${op.platform.os}/${op.platform.architecture}` : ''}`,
  );
  return [...lines, `  = ${steps === undefined ? 'nothing' : steps.join(', ')}`];
}
