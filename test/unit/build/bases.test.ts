/** What a stage takes over of what it begins on: config, history, author and layers of an image, or nothing. */

import assert from 'node:assert/strict';

import { type BuildOptions, defaultBuildOptions } from '../../../core/build/options.ts';
import { planBuild } from '../../../core/build/plan.ts';
import type { Plan } from '../../../core/build/types.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { digestOf } from '../../../core/oci/digest.ts';
import type { ImageConfig } from '../../../core/oci/image-config.ts';

const PLATFORM = { os: 'linux', architecture: 'amd64' };
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const LAYERS = [digestOf('1'), digestOf('2')];

const IMAGE: ImageConfig = {
  ...PLATFORM,
  created: '2020-01-01T00:00:00Z',
  author: 'somebody',
  config: { Env: ['PATH=/b', 'A=1=2', 'NAKED'], User: 'u', WorkingDir: '/w', Labels: { l: '1' } },
  rootfs: { type: 'layers', diff_ids: LAYERS },
  history: [{ created_by: 'first' }, { created_by: 'second', empty_layer: true }],
};

async function planOf(
  lines: string,
  image: ImageConfig | undefined,
  options: Partial<BuildOptions> = {},
): Promise<Plan> {
  const { value } = await planBuild(
    readDockerfile(lines).value,
    { ...defaultBuildOptions(PLATFORM), ...options },
    async (reference) =>
      image === undefined
        ? undefined
        : { reference, digest: digestOf(reference), config: image, isLocal: true, pullBytes: 0 },
  );
  assert.ok(value);
  return value;
}

describe('a stage', () => {
  it('takes over what an image has, but for its time', async () => {
    const { target, vertices } = await planOf('FROM i\n', IMAGE);
    const { created: _, ...kept } = IMAGE;
    assert.deepEqual(target.config, kept);
    assert.equal(vertices[0]?.op.kind, 'image');
  });

  it('adds to it, and leaves the image as it was', async () => {
    const before = structuredClone(IMAGE);
    const { target } = await planOf('FROM i\nENV A=3 B=$NAKED-$A\nLABEL m=2\nRUN x\n', IMAGE);
    assert.deepEqual(target.config.config?.Env, ['PATH=/b', 'A=3', 'NAKED', 'B=-1=2']);
    assert.deepEqual(target.config.config?.Labels, { l: '1', m: '2' });
    assert.deepEqual(
      target.config.history?.map(({ created_by: by }) => by),
      ['first', 'second', 'ENV A=3 B=-1=2', 'LABEL m=2', 'RUN /bin/sh -c x # buildkit'],
    );
    assert.deepEqual(IMAGE, before);
  });

  it('on a stage has the layers of the image below all of them', async () => {
    const { stages } = await planOf('FROM i AS a\nRUN x\nFROM a AS b\nFROM b\nRUN y\n', IMAGE);
    assert.deepEqual(
      stages.map(({ config }) => config.rootfs.diff_ids),
      [LAYERS, LAYERS, LAYERS],
    );
    assert.deepEqual(stages.at(-1)?.config.author, 'somebody');
  });

  it('stands on nothing where the image has no layers, and keeps its config', async () => {
    const { target, vertices } = await planOf('FROM i\n', {
      ...IMAGE,
      rootfs: { type: 'layers', diff_ids: [] },
    });
    assert.deepEqual(vertices[0]?.op, { kind: 'scratch' });
    assert.deepEqual([target.config.config, target.config.rootfs.diff_ids], [IMAGE.config, []]);
  });

  it('has a PATH and the root as its directory where nothing is known', async () => {
    const empty = {
      ...PLATFORM,
      config: { WorkingDir: '/', Env: [`PATH=${PATH}`] },
      rootfs: { type: 'layers', diff_ids: [] },
      history: [],
    };
    for (const line of ['FROM scratch\n', 'FROM unknown\n', 'FROM scratch AS a\nFROM a\n'])
      assert.deepEqual((await planOf(line, undefined)).target.config, empty, line);
    assert.deepEqual((await planOf('FROM unknown\n', undefined)).vertices[0]?.op, {
      kind: 'image',
      reference: 'unknown',
      platform: PLATFORM,
    });
  });

  it('that is given by files has none of what it says', async () => {
    const buildContexts = new Map([['a', '../d']]);
    const lines = 'FROM i AS A\nENV B=1\nRUN x\n';
    const { target, skipped } = await planOf(lines, IMAGE, { buildContexts, target: 'a' });
    assert.deepEqual(target.config.config, {});
    assert.deepEqual(target.config.rootfs.diff_ids, []);
    assert.deepEqual(
      skipped.map(({ line }) => line),
      [2, 3],
    );
    const given = new Map([['a', 'docker-image://j']]);
    const byImage = await planOf(lines, IMAGE, { buildContexts: given, target: 'a' });
    assert.deepEqual(byImage.target.config.config, IMAGE.config);
  });
});
