/** What is kept of a build that ended. */

import assert from 'node:assert/strict';

import type { CacheRecord, VertexLookup } from '../../../core/build/cache-record.ts';
import { defaultBuildOptions } from '../../../core/build/options.ts';
import { planBuild } from '../../../core/build/plan.ts';
import { preparePlan } from '../../../core/build/requests.ts';
import { memoryTree } from '../../../core/context/memory-tree.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { digestOf } from '../../../core/oci/digest.ts';
import { madeSteps } from '../../../runtime/build/carried-steps.ts';

describe('a build that ended', () => {
  it('keeps its steps without what their keys are made of', async () => {
    const { value: dockerfile } = readDockerfile('FROM scratch\nCOPY . /\n');
    const options = defaultBuildOptions({ os: 'linux', architecture: 'amd64' });
    const { value: plan } = await planBuild(dockerfile, options, () => Promise.resolve(undefined));
    assert.ok(plan);
    const contexts = () => memoryTree({ a: '1', b: '2' });
    const prepared = await preparePlan(plan, { project: 'p', contexts });
    const solved = new Map(
      plan.vertices.map(({ id, op }) => {
        const { components = [], request } = prepared.get(id) ?? {};
        const key = digestOf(Buffer.from(String(id)));
        const origin = request?.origin ?? { project: '', stage: '', line: 0, instruction: '' };
        const record: CacheRecord = {
          key,
          aliases: [],
          partial: key,
          origin,
          components,
          result: `r${id}`,
          seconds: 1,
          bytes: 1,
          createdAt: '',
        };
        const lookup: VertexLookup =
          op.kind === 'copy' ? { outcome: 'hit', key, record } : { outcome: 'given', key };
        return [id, { result: record.result, lookup, state: 'RUN' as const }];
      }),
    );
    assert.ok([...prepared.values()].some(({ components }) => components.length >= 2));
    const { steps } = await madeSteps(plan, prepared, solved, () => undefined);
    assert.deepEqual(
      steps.map(({ record }) => [record.result, record.components]),
      [['r1', []]],
    );
  });
});
