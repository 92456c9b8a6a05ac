/** Steps of one build that do exactly the same are executed once, whatever stages they stand in; others never share a result. */

import assert from 'node:assert/strict';

import { findTwins } from '../../../core/build/twins.ts';
import { type BuildOptions, defaultBuildOptions } from '../../../core/build/options.ts';
import { planBuild } from '../../../core/build/plan.ts';
import { preparePlan } from '../../../core/build/requests.ts';
import { memoryTree } from '../../../core/context/memory-tree.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { baseImages } from './base-images.ts';
import { checkedBuild } from './checked-build.ts';
import { MemoryCache } from './memory-builder.ts';

const OPTIONS = defaultBuildOptions({ os: 'linux', architecture: 'amd64' });
const FILES = { 'a.txt': 'a', 'b.txt': 'b' };

/** `line=line`: which step takes the result of which. Each build is also compared with a clean one. */
async function twinsOf(dockerfile: string, options: BuildOptions = OPTIONS): Promise<readonly string[]> {
  const images = baseImages();
  const context = memoryTree(FILES);
  if (!dockerfile.includes('nowhere'))
    await checkedBuild({ dockerfile, context, images, options }, new MemoryCache());
  const resolve = async (reference: string) => images.get(reference)?.resolved;
  const { value: plan } = await planBuild(readDockerfile(dockerfile).value, options, resolve);
  assert.ok(plan);
  const prepared = await preparePlan(plan, { project: 'p', contexts: () => context });
  const twins = findTwins([...prepared.values()].map(({ request }) => request));
  const line = (id: number): number => plan.vertices[id]?.line ?? 0;
  return [...twins].map(([later, first]) => `${line(later)}=${line(first)}`);
}

const LAST = 'FROM base\nCOPY --from=0 / /a/\nCOPY --from=1 / /b/\n';

describe('twins', () => {
  const shared: Readonly<Record<string, readonly [string, readonly string[]]>> = {
    'equal steps over equal images': [`FROM base\nRUN a\nFROM base\nRUN a\n${LAST}`, ['4=2']],
    'steps after them, too': [`FROM base\nRUN a\nRUN b\nFROM base\nRUN a\nRUN b\n${LAST}`, ['5=2', '6=3']],
    'steps with metadata between': [
      `FROM base\nRUN a\nRUN b\nFROM base\nRUN a\nLABEL x=y\nRUN b\n${LAST}`,
      ['5=2', '7=3'],
    ],
    'steps over images with the same layers': [`FROM base\nRUN a\nFROM again\nRUN a\n${LAST}`, ['4=2']],
    'equal copies of the context': [`FROM base\nCOPY a.txt /x\nFROM base\nCOPY a.txt /x\n${LAST}`, ['4=2']],
    'equal copies from a stage': [
      'FROM base\nRUN a\nFROM base\nCOPY --from=0 /seen /x\nFROM base\nCOPY --from=0 /seen /x\nFROM base\nCOPY --from=1 / /a/\nCOPY --from=2 / /b/\n',
      ['6=4'],
    ],
    'linked copies over other roots': [
      `FROM base\nRUN a\nCOPY --link a.txt /x\nFROM base\nRUN b\nCOPY --link a.txt /x\n${LAST}`,
      ['6=3'],
    ],
    'the steps of a stage that two stages start from': [
      'FROM base AS s\nRUN a\nFROM s\nRUN b\nFROM s\nRUN b\nFROM base\nCOPY --from=1 / /a/\nCOPY --from=2 / /b/\n',
      ['6=4'],
    ],
    'a directory that is made twice': [`FROM base\nWORKDIR /w\nFROM base\nWORKDIR /w\n${LAST}`, ['4=2']],
    'one step three times': [
      'FROM base\nRUN a\nFROM base\nRUN a\nFROM base\nRUN a\nFROM base\nCOPY --from=0 / /a/\nCOPY --from=1 / /b/\nCOPY --from=2 / /c/\n',
      ['4=2', '6=2'],
    ],
  };
  for (const [name, [dockerfile, twins]] of Object.entries(shared))
    it(`are ${name}`, async () => assert.deepEqual(await twinsOf(dockerfile), twins));

  const different: Readonly<Record<string, string>> = {
    'steps that differ': `FROM base\nRUN a\nFROM base\nRUN b\n${LAST}`,
    'equal steps over other images': `FROM base\nRUN a\nFROM other\nRUN a\n${LAST}`,
    'equal steps over scratch and an image': `FROM scratch\nCOPY a.txt /\nFROM base\nCOPY a.txt /\n${LAST}`,
    'equal steps after other steps': `FROM base\nRUN a\nRUN c\nFROM base\nRUN b\nRUN c\n${LAST}`,
    'copies of other files': `FROM base\nCOPY a.txt /x\nFROM base\nCOPY b.txt /x\n${LAST}`,
    'copies from other stages':
      'FROM base\nRUN a\nFROM base\nRUN b\nFROM base\nCOPY --from=0 /seen /x\nFROM base\nCOPY --from=1 /seen /x\nFROM base\nCOPY --from=2 / /a/\nCOPY --from=3 / /b/\n',
    'copies of other parts of a stage':
      'FROM base\nRUN a\nFROM base\nCOPY --from=0 /seen /x\nFROM base\nCOPY --from=0 /etc /x\nFROM base\nCOPY --from=1 / /a/\nCOPY --from=2 / /b/\n',
    'images, stages and metadata': `FROM base\nLABEL a=b\nFROM base\nLABEL a=b\n${LAST}`,
    'equal steps over images that are not known':
      'FROM nowhere:1\nRUN a\nFROM nowhere:2\nRUN a\nFROM base\nCOPY --from=0 / /a\nCOPY --from=1 / /b\n',
  };
  for (const [name, dockerfile] of Object.entries(different))
    it(`are not ${name}`, async () => assert.deepEqual(await twinsOf(dockerfile), []));

  it('are not a step that is forced and one that is not', async () => {
    const text =
      'FROM base AS one\nRUN a\nFROM base AS two\nRUN a\nFROM base\nCOPY --from=0 / /a/\nCOPY --from=1 / /b/\n';
    assert.deepEqual(await twinsOf(text, { ...OPTIONS, noCacheFilter: ['two'] }), []);
    assert.deepEqual(await twinsOf(text, { ...OPTIONS, noCacheFilter: ['one', 'two'] }), ['4=2']);
  });
});
