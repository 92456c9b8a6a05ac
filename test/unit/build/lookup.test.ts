/** What a lookup answers for each vertex of a plan (the answers of `/naru/v1/cache/resolve`), and the records that it finds. */

import assert from 'node:assert/strict';

import { type BuildOptions, defaultBuildOptions } from '../../../core/build/options.ts';
import { lookupPlan } from '../../../core/build/lookup.ts';
import { planBuild } from '../../../core/build/plan.ts';
import { preparePlan } from '../../../core/build/requests.ts';
import type { CacheIndex, VertexLookup } from '../../../core/build/cache-record.ts';
import { type MemoryFile, memoryTree } from '../../../core/context/memory-tree.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { baseImages } from './base-images.ts';
import { buildInMemory, MemoryCache } from './memory-builder.ts';

type Files = Readonly<Record<string, string | MemoryFile>>;

const OPTIONS = defaultBuildOptions({ os: 'linux', architecture: 'amd64' });
const FILES: Files = { 'a.txt': 'a', 'b.txt': 'b' };

interface Project {
  readonly dockerfile: string;
  readonly files?: Files;
  readonly options?: Partial<BuildOptions>;
  readonly lacksContext?: boolean;
}

async function build(project: Project, cache: MemoryCache): Promise<void> {
  const { dockerfile, files = FILES, options } = project;
  const request = { dockerfile, context: memoryTree(files), images: baseImages() };
  await buildInMemory({ ...request, options: { ...OPTIONS, ...options } }, cache);
}

/** `line kind: answer`, one for each vertex that is not metadata, in the order of the file. */
async function lookups(project: Project, index: CacheIndex): Promise<readonly string[]> {
  const { dockerfile, files = FILES, options } = project;
  const images = baseImages();
  const planned = await planBuild(
    readDockerfile(dockerfile).value,
    { ...OPTIONS, ...options },
    async (reference) => images.get(reference)?.resolved,
  );
  assert.ok(planned.value);
  const { vertices } = planned.value;
  const contexts = () => (project.lacksContext === true ? undefined : memoryTree(files));
  const prepared = await preparePlan(planned.value, { project: 'p', contexts });
  const answers = await lookupPlan(
    [...prepared.values()].map(({ request }) => request),
    index,
  );
  const shown = answers.flatMap((answer, at) => {
    const vertex = vertices[at];
    if (vertex === undefined || vertex.op.kind === 'metadata') return [];
    return [`${vertex.line} ${vertex.op.kind}: ${told(answer)}`];
  });
  return shown.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));

  function lines(ids: readonly number[]): string {
    return ids.map((id) => `${vertices[id]?.line} ${vertices[id]?.op.kind}`).join(' and ');
  }
  function told(answer: VertexLookup): string {
    const previous =
      'previous' in answer && answer.previous !== undefined
        ? `, before: ${answer.previous.origin.instruction}`
        : '';
    switch (answer.outcome) {
      case 'given':
      case 'hit':
        return answer.outcome;
      case 'twin':
        return `as ${lines([answer.of])}`;
      case 'miss':
        return `miss, ${answer.cause}${previous}`;
      case 'depends':
      case 'unknown':
        return `${answer.outcome} on ${answer.on.length === 0 ? 'itself' : lines(answer.on)}${previous}`;
    }
  }
}

const COPIES =
  'FROM base AS s\nCOPY a.txt /in/\nRUN pick /in/a.txt\nFROM base\nCOPY --from=s /picked /p\nRUN c\n';

describe('a lookup', () => {
  /** A first build, what is asked then, and the answers. */
  const cases: Readonly<Record<string, readonly [Project | undefined, Project, readonly string[]]>> = {
    'in an empty cache': [
      undefined,
      { dockerfile: 'FROM base\nRUN a\nRUN b\n' },
      ['1 image: given', '2 run: miss, absent', '3 run: miss, root'],
    ],
    'after the same build': [
      { dockerfile: 'FROM base\nRUN a\nRUN b\n' },
      { dockerfile: 'FROM base\nRUN a\nRUN b\n' },
      ['1 image: given', '2 run: hit', '3 run: hit'],
    ],
    'below a step that changed': [
      { dockerfile: 'FROM base\nRUN a\nRUN b\n' },
      { dockerfile: 'FROM base\nRUN a x\nRUN b\n' },
      ['1 image: given', '2 run: miss, absent, before: RUN a', '3 run: miss, root, before: RUN b'],
    ],
    'below metadata and stages': [
      { dockerfile: 'FROM base\nRUN a\n' },
      { dockerfile: 'FROM base AS s\nLABEL a=b\nFROM s\nENV A=b\nWORKDIR /w\n' },
      ['1 image: given', '3 stage: given', '5 mkdir: miss, absent'],
    ],
    'of steps over scratch': [
      { dockerfile: 'FROM scratch\nCOPY a.txt /\n' },
      { dockerfile: 'FROM scratch\nCOPY a.txt /\nCOPY b.txt /\n' },
      ['1 scratch: given', '2 copy: hit', '3 copy: miss, absent'],
    ],
    'of a copy from a stage that changed, made before': [
      { dockerfile: COPIES },
      { dockerfile: COPIES, files: { 'a.txt': 'other' } },
      [
        '1 image: given',
        '2 copy: miss, absent, before: COPY a.txt /in/',
        '3 run: miss, root, before: RUN pick /in/a.txt',
        '4 image: given',
        '5 copy: depends on 3 run, before: COPY --from=s /picked /p',
        '6 run: depends on 5 copy, before: RUN c',
      ],
    ],
    'of a copy from a stage that changed, never made': [
      undefined,
      { dockerfile: COPIES },
      [
        '1 image: given',
        '2 copy: miss, absent',
        '3 run: miss, root',
        '4 image: given',
        '5 copy: miss, absent',
        '6 run: miss, root',
      ],
    ],
    'of a copy from a stage that is there': [
      { dockerfile: 'FROM base AS s\nRUN constant k\n' },
      { dockerfile: 'FROM base AS s\nRUN constant k\nFROM base\nCOPY --from=s /constant /x\n' },
      ['1 image: given', '2 run: hit', '3 image: given', '4 copy: miss, absent'],
    ],
    'of a bind from a stage that changed': [
      { dockerfile: 'FROM base AS s\nRUN a\nFROM base\nRUN --mount=from=s,target=/m x\n' },
      { dockerfile: 'FROM base AS s\nRUN a b\nFROM base\nRUN --mount=from=s,target=/m x\n' },
      [
        '1 image: given',
        '2 run: miss, absent, before: RUN a',
        '3 image: given',
        '4 run: depends on 2 run, before: RUN --mount=from=s,target=/m x',
      ],
    ],
    'of equal steps': [
      undefined,
      {
        dockerfile:
          'FROM base AS s\nRUN a\nFROM base AS t\nRUN a\nFROM base\nCOPY --from=s / /s/\nCOPY --from=t / /t/\n',
      },
      [
        '1 image: given',
        '2 run: miss, absent',
        '3 image: given',
        '4 run: as 2 run',
        '5 image: given',
        '6 copy: miss, absent',
        '7 copy: miss, root',
      ],
    ],
    'of what stands on equal steps, and copies from them': [
      {
        dockerfile:
          'FROM base AS s\nRUN a\nFROM base AS t\nRUN a\nRUN b\nFROM base\nCOPY --from=s / /s/\nCOPY --from=t / /t/\n',
      },
      {
        dockerfile:
          'FROM base AS s\nRUN a\nFROM base AS t\nRUN a\nRUN b\nFROM base\nCOPY --from=s / /s/\nCOPY --from=t / /t/\n',
      },
      [
        '1 image: given',
        '2 run: hit',
        '3 image: given',
        '4 run: as 2 run',
        '5 run: hit',
        '6 image: given',
        '7 copy: hit',
        '8 copy: hit',
      ],
    ],
    'of a linked copy': [
      { dockerfile: 'FROM base\nRUN a\nCOPY --link a.txt /x\n' },
      { dockerfile: 'FROM base\nRUN a b\nCOPY --link a.txt /x\n' },
      [
        '1 image: given',
        '2 run: miss, absent, before: RUN a',
        '3 copy: hit',
        '3 merge: miss, root, before: COPY --link a.txt /x',
      ],
    ],
    'of a linked copy that changed': [
      { dockerfile: 'FROM base\nCOPY --link a.txt /x\n' },
      { dockerfile: 'FROM base\nCOPY --link b.txt /x\n' },
      [
        '1 image: given',
        '2 copy: miss, absent, before: COPY --link a.txt /x',
        '2 merge: miss, absent, before: COPY --link a.txt /x',
      ],
    ],
    'of a linked copy from a stage that changed': [
      { dockerfile: 'FROM base AS s\nRUN a\nFROM base\nCOPY --link --from=s /seen /x\n' },
      { dockerfile: 'FROM base AS s\nRUN a b\nFROM base\nCOPY --link --from=s /seen /x\n' },
      [
        '1 image: given',
        '2 run: miss, absent, before: RUN a',
        '3 image: given',
        '4 copy: depends on 2 run, before: COPY --link --from=s /seen /x',
        '4 merge: depends on 4 copy, before: COPY --link --from=s /seen /x',
      ],
    ],
    'of forced steps': [
      { dockerfile: 'FROM base\nWORKDIR /w\nRUN a\nRUN b\n' },
      { dockerfile: 'FROM base\nWORKDIR /w\nRUN a\nRUN b\n', options: { noCache: true } },
      [
        '1 image: given',
        '2 mkdir: hit',
        '3 run: miss, forced, before: RUN a',
        '4 run: miss, root, before: RUN b',
      ],
    ],
    'of forced steps over a stage that changed': [
      { dockerfile: COPIES },
      { dockerfile: COPIES, files: { 'a.txt': 'other' }, options: { noCache: true } },
      [
        '1 image: given',
        '2 copy: miss, forced, before: COPY a.txt /in/',
        '3 run: miss, root, before: RUN pick /in/a.txt',
        '4 image: given',
        '5 copy: miss, forced, before: COPY --from=s /picked /p',
        '6 run: miss, root, before: RUN c',
      ],
    ],
    'where times are normalised': [
      { dockerfile: 'FROM base\nRUN a\nRUN b\n', options: { sourceDateEpoch: 1 } },
      { dockerfile: 'FROM base\nRUN a x\nRUN b\n', options: { sourceDateEpoch: 1 } },
      ['1 image: given', '2 run: miss, absent, before: RUN a', '3 run: depends on 2 run, before: RUN b'],
    ],
    'of forced steps where times are normalised': [
      undefined,
      { dockerfile: 'FROM base\nRUN x\nRUN b\n', options: { sourceDateEpoch: 1, noCache: true } },
      ['1 image: given', '2 run: miss, forced', '3 run: miss, forced'],
    ],
    'over an image that is not known': [
      undefined,
      { dockerfile: 'FROM nowhere AS s\nLABEL a=b\nRUN a\nFROM base\nCOPY --from=s /x /y\nRUN b\n' },
      [
        '1 image: unknown on itself',
        '3 run: unknown on 2 metadata',
        '4 image: given',
        '5 copy: unknown on 3 run',
        '6 run: unknown on 5 copy',
      ],
    ],
    'of a context that the caller lacks': [
      { dockerfile: 'FROM base\nCOPY a.txt /x\nRUN b\n' },
      { dockerfile: 'FROM base\nCOPY a.txt /x\nRUN b\n', lacksContext: true },
      [
        '1 image: given',
        '2 copy: unknown on itself, before: COPY a.txt /x',
        '3 run: unknown on 2 copy, before: RUN b',
      ],
    ],
    'of a step that moved to another line, and what stands in its place': [
      { dockerfile: 'FROM base\nRUN a\nRUN b\n' },
      { dockerfile: 'FROM base\nRUN x\nRUN y\nRUN b\n' },
      ['1 image: given', '2 run: miss, absent', '3 run: miss, root', '4 run: miss, root, before: RUN b'],
    ],
  };
  for (const [name, [before, asked, answers]] of Object.entries(cases)) {
    it(name, async () => {
      const cache = new MemoryCache();
      if (before !== undefined) await build(before, cache);
      assert.deepEqual(await lookups(asked, cache), answers);
    });
  }

  it('takes a copy for new where the files of its stage are not at hand, unless the stage is the same', async () => {
    const cache = new MemoryCache();
    await build({ dockerfile: COPIES }, cache);
    const blind: CacheIndex = {
      find: (keys) => cache.find(keys),
      keysWithPartial: (partial) => cache.keysWithPartial(partial),
      contentOf: () => Promise.resolve(undefined),
      faultsOf: () => Promise.resolve([]),
      nearest: (origin) => cache.nearest(origin),
    };
    assert.deepEqual((await lookups({ dockerfile: COPIES }, blind)).slice(-2), ['5 copy: hit', '6 run: hit']);
  });
});
