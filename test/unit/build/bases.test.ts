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

/** Problems as `code: text under it`, on an engine that has every image for one platform. */
async function refusals(
  lines: string,
  image: Partial<ImageConfig>,
  options: Partial<BuildOptions> = {},
): Promise<readonly string[]> {
  const { problems } = await planBuild(
    readDockerfile(lines).value,
    { ...defaultBuildOptions(PLATFORM), ...options },
    async (reference) => ({
      reference,
      digest: digestOf(reference),
      config: { ...IMAGE, ...image },
      isLocal: true,
      pullBytes: 0,
    }),
  );
  return problems.map(
    ({ code, message, span }) => `${code} ${lines.slice(span.start, span.end)}: ${message}`,
  );
}

/** BuildKit of dockerd 28.5.2 leaves such an image aside and asks a registry. */
describe('a base image of another platform', () => {
  const arm64 = { os: 'linux', architecture: 'arm64' };
  const wrong = (name: string, has: string, wanted: string): string =>
    `E_IMAGE_PLATFORM ${name}: image ${name} was found but its platform (${has}) does not match the one it is wanted for (${wanted})`;

  it('is refused where the build is for another', async () => {
    const amd64 = wrong('i', 'linux/amd64', 'linux/arm64');
    assert.deepEqual(await refusals('FROM i\n', {}, { platform: arm64 }), [amd64]);
    assert.deepEqual(await refusals('FROM --platform=linux/arm64 i\n', {}), [amd64]);
    assert.deepEqual(await refusals('FROM i AS s\nFROM scratch\nCOPY --from=s / /\n', arm64), [
      wrong('i', 'linux/arm64', 'linux/amd64'),
    ]);
    assert.deepEqual(await refusals('FROM i\n', { architecture: '' }), [
      wrong('i', 'unknown', 'linux/amd64'),
    ]);
  });

  it('will do where the machine also runs it, or the stage wants it', async () => {
    assert.deepEqual(await refusals('FROM i\n', { architecture: '386' }), []);
    assert.deepEqual(await refusals('FROM --platform=linux/amd64/v2 i\n', {}), []);
    assert.deepEqual(
      await refusals(
        'FROM --platform=$BUILDPLATFORM i AS s\nFROM scratch\nCOPY --from=s / /\n',
        {},
        {
          platform: arm64,
        },
      ),
      [],
    );
    assert.deepEqual(await refusals('FROM i AS unneeded\nFROM scratch\n', arm64), []);
  });

  it('is looked at for the platform of the build where files are copied or mounted from it', async () => {
    for (const line of ['COPY --from=i /a /b', 'RUN --mount=from=i,target=/m x']) {
      const there = await refusals(`FROM --platform=linux/arm64 scratch\n${line}\n`, {});
      assert.deepEqual(there, [], line);
      const away = await refusals(`FROM --platform=linux/amd64 scratch\n${line}\n`, {}, { platform: arm64 });
      assert.deepEqual(
        away.map((text) => text.split(' ', 1)[0]),
        ['E_IMAGE_PLATFORM'],
        line,
      );
    }
  });
});
