/** What is kept of an executed step: its keys, which stay the same while KEY_VERSION does, and what of it may be read by others. */

import assert from 'node:assert/strict';

import {
  contentDigest,
  imageKey,
  partialKey,
  regeneratedKey,
  resultKey,
  scratchKey,
  sourceKey,
  vertexKey,
} from '../../../core/build/cache-key.ts';
import type { CacheRecord, VertexLookup, VertexRequest } from '../../../core/build/cache-record.ts';
import { KEY_VERSION } from '../../../core/build/encoding.ts';
import { keysOf } from '../../../core/build/lookup.ts';
import { type BuildOptions, defaultBuildOptions } from '../../../core/build/options.ts';
import { planBuild } from '../../../core/build/plan.ts';
import { exactLanding, fileComponents, madeDirectoryMode } from '../../../core/build/landed-files.ts';
import { type Execution, recordExecution } from '../../../core/build/record.ts';
import { landSelection, type PreparedVertex, preparePlan } from '../../../core/build/requests.ts';
import { memoryTree } from '../../../core/context/memory-tree.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { digestOf } from '../../../core/oci/digest.ts';
import { baseImages } from './base-images.ts';
import { buildInMemory, MemoryCache } from './memory-builder.ts';

const OPTIONS = defaultBuildOptions({ os: 'linux', architecture: 'amd64' });
const CONTEXT = memoryTree({
  'a.txt': 'a',
  'd/b': { content: 'b', mode: 0o600 },
  'd/l': { linkTarget: 'b' },
});

async function recordOf(lines: string, options: Partial<BuildOptions> = {}): Promise<CacheRecord> {
  const cache = new MemoryCache();
  const dockerfile = `FROM base AS first\n${lines}\n`;
  const request = { dockerfile, context: CONTEXT, images: baseImages(), options: { ...OPTIONS, ...options } };
  const { steps } = await buildInMemory(request, cache);
  const last = steps.at(-1);
  assert.ok(last);
  const { stage, line, instruction } = last;
  const record = await cache.nearest({ project: 'p', stage, line, instruction });
  assert.ok(record);
  return record;
}

function short(digest: string | undefined): string {
  return digest?.slice(7, 19) ?? 'none';
}

/** The first of each line is the key itself, then its other names, then the key without sources. */
const PINNED: readonly string[] = [
  'naru.cache.v2',
  'run: e0ef8f28eaed e0ef8f28eaed 612a278f57a5',
  'run with all: 1c0c5858dd60 1c0c5858dd60 bcb033718323',
  'copy: e8d63e179073 e8d63e179073 4bc274e94ee6 4fcbf3c12c05 8cafdc7a1caa',
  'copy of a folder: d374fbdb48b9 d374fbdb48b9 ee37bc992241 75fed90b39f6',
  'add: 937f52173e7e 937f52173e7e bc2970c94cf8 fa5e732621ae',
  'copy from a stage: e4e4018af669 41823fe6f1ac e4e4018af669 fcbaea37c776',
  'bind from a stage: 6e1eb9dfce87 3e1af032fd24 6e1eb9dfce87 9365ebfdd597',
  'link: 764c65b23d8d 764c65b23d8d a289508bc6ac',
  'workdir: c1b75d59dc83 c1b75d59dc83 5c2c5275bb34',
  'others: 7291705a0356 1192fae37b24 8eb50e91e1a0 22649b225cd2 322aea335ab3',
];

describe('keys', () => {
  it('keep their values: whoever changes one raises KEY_VERSION, and writes the new values here', async () => {
    const lines: Readonly<Record<string, string>> = {
      run: 'RUN a',
      'run with all':
        'ENV A=1\nARG B=2\nUSER 5\nRUN --network=none --mount=source=d,target=/m --mount=type=cache,target=/c a',
      copy: 'COPY a.txt /x',
      'copy of a folder': 'COPY --chown=1 d /d/',
      add: 'ADD a.txt /x/',
      'copy from a stage': 'COPY d /d\nFROM base\nCOPY --from=first /d /e',
      'bind from a stage': 'COPY d /d\nFROM base\nRUN --mount=from=first,source=/d,target=/m a',
      link: 'COPY --link a.txt /x',
      workdir: 'WORKDIR /w',
    };
    const keys = await Promise.all(
      Object.entries(lines).map(async ([name, text]) => {
        const { key, aliases, partial } = await recordOf(text);
        return `${name}: ${[key, ...aliases, partial].map(short).join(' ')}`;
      }),
    );
    const others = [
      scratchKey(),
      imageKey([digestOf('1'), digestOf('2')], OPTIONS.platform),
      resultKey(digestOf('root'), digestOf('changes')),
      resultKey(undefined, digestOf('changes')),
      regeneratedKey(digestOf('definition'), 'result'),
    ].map(short);
    assert.deepEqual([KEY_VERSION, ...keys, `others: ${others.join(' ')}`], PINNED);
  });

  it('of images depend on the layers in order, and on the platform', () => {
    const [one, two] = [digestOf('1'), digestOf('2')];
    const arm = { os: 'linux', architecture: 'arm', variant: 'v7' };
    const keys = [
      imageKey([], OPTIONS.platform),
      imageKey([one], OPTIONS.platform),
      imageKey([one, two], OPTIONS.platform),
      imageKey([two, one], OPTIONS.platform),
      imageKey([one], arm),
      scratchKey(),
    ];
    assert.equal(new Set(keys).size, keys.length);
  });
});

/** What the last vertex of each kind contributes to its key; nothing is fetched. */
async function localsOf(lines: string, options: Partial<BuildOptions> = {}): Promise<string> {
  const { value: plan } = await planBuild(
    readDockerfile(`FROM scratch\n${lines}\n`).value,
    { ...OPTIONS, ...options },
    async () => undefined,
  );
  assert.ok(plan);
  const prepared = await preparePlan(plan, { project: 'p', contexts: () => CONTEXT });
  const locals = new Map([...prepared.values()].map(({ request }) => [request.kind, short(request.local)]));
  return [...locals].map(([kind, local]) => `${kind} ${local}`).join(', ');
}

describe('keys of what is fetched', () => {
  const commit = '0123456789012345678901234567890123456789';
  const sum = `sha256:${'0'.repeat(64)}`;
  const groups: Readonly<Record<string, readonly string[]>> = {
    'files at addresses': [
      'ADD https://h/f.tar /x/',
      'ADD https://h/g.tar /x/',
      'ADD https://i/f.tar /x/',
      'ADD http://h/f.tar /x/',
      'ADD https://h/f.tar /x',
      'ADD https://h/f.tar /y/',
      'ADD --unpack https://h/f.tar /x/',
      'ADD --chmod=600 https://h/f.tar /x/',
      'ADD --chown=5 https://h/f.tar /x/',
      `ADD --checksum=${sum} https://h/f.tar /x/`,
      `ADD --checksum=${sum.replace('00', '10')} https://h/f.tar /x/`,
      `ADD --checksum=${sum} https://h/g.tar /x/`,
      'ADD --unpack=false https://h/f.tar a.txt /x/',
      'ADD --unpack=false --chmod=644 https://h/f.tar a.txt /x/',
      'ADD https://h/f.tar a.txt /x/',
    ],
    repositories: [
      'ADD https://h/r.git /x',
      'ADD https://h/s.git /x',
      'ADD https://h/r.git#b /x',
      'ADD https://h/r.git#b:d /x',
      'ADD https://h/r.git#:d /x',
      'ADD --keep-git-dir https://h/r.git /x',
      `ADD --checksum=${commit} https://h/r.git /x`,
      `ADD --checksum=${commit.slice(0, 8)} https://h/r.git /x`,
      `ADD https://h/r.git#${commit} /x`,
    ],
  };
  for (const [what, lines] of Object.entries(groups)) {
    it(`differ: ${what}`, async () => {
      const locals = await Promise.all(lines.map((line) => localsOf(line)));
      assert.deepEqual(
        lines.filter((_, at) => locals.indexOf(locals[at] ?? '') !== at),
        [],
      );
    });
  }

  it('are those of a commit where a repository is the context, whatever it was asked for by', async () => {
    const context = {
      kind: 'git',
      remote: 'https://h/r.git',
      subdirectory: '',
      keepsGitDirectory: false,
    } as const;
    const of = (ref: string, at: string): Promise<string> =>
      localsOf('COPY . /x', { context: { ...context, ref, commit: at } });
    const [one, sameByTag, other] = await Promise.all([
      of('main', commit),
      of('v1', commit),
      of('main', commit.replace('0', '1')),
    ]);
    assert.equal(one, sameByTag);
    assert.notEqual(one, other);
  });

  it('are known without a plan', async () => {
    const lines = [
      'ADD https://h/f /x',
      `ADD --checksum=${sum} https://h/f /x`,
      'ADD https://h/r.git#b:d /x',
    ];
    for (const line of lines) {
      const { value: plan } = await planBuild(
        readDockerfile(`FROM scratch\n${line}\n`).value,
        OPTIONS,
        async () => undefined,
      );
      const fetched = plan?.vertices.find(({ op }) => op.kind === 'http' || op.kind === 'git');
      assert.ok(plan && fetched);
      const prepared = (await preparePlan(plan, { project: 'p', contexts: () => CONTEXT })).get(fetched.id);
      assert.ok(prepared);
      const keys = await keysOf(prepared.request, new Map(), { contentOf: async () => undefined });
      assert.equal(keys?.definition, sourceKey(fetched.op), line);
    }
  });

  it('are the same for one file by its checksum, wherever it lies', async () => {
    const [one, other] = await Promise.all(
      ['h', 'i'].map((host) => localsOf(`ADD --checksum=${sum} https://${host}/f.tar /x/`)),
    );
    assert.equal(one, other);
  });
});

describe('a record', () => {
  const execution: Execution = { result: 'r', seconds: 1.5, bytes: 2, createdAt: 'then' };
  const nothing = { contentOf: async () => undefined, find: async () => undefined };

  async function prepared(lines: string, at: number): Promise<PreparedVertex> {
    const { value: plan } = await planBuild(
      readDockerfile(`FROM base\n${lines}\n`).value,
      OPTIONS,
      async (reference) => baseImages().get(reference)?.resolved,
    );
    assert.ok(plan);
    const vertex = (await preparePlan(plan, { project: 'p', contexts: () => CONTEXT })).get(at);
    assert.ok(vertex);
    return vertex;
  }
  const root = digestOf('root');
  const inputs = new Map<number, VertexLookup>([[0, { outcome: 'given', key: root }]]);

  it('says what was made, of what, and how long it took', async () => {
    const vertex = await prepared('RUN a', 1);
    const { local } = vertex.request;
    assert.ok(local);
    const partial = partialKey(local, root);
    const definition = vertexKey(partial, []);
    assert.deepEqual(await recordExecution(vertex, inputs, execution, nothing), {
      key: definition,
      aliases: [definition],
      partial,
      rootKey: root,
      origin: { project: 'p', stage: '0', line: 2, place: 'run 1', instruction: 'RUN a' },
      components: vertex.components,
      ...execution,
    });
  });

  it('has a key by its result where times are normalised', async () => {
    const contentDigest = digestOf('changes');
    const vertex = await prepared('RUN a', 1);
    const record = await recordExecution(vertex, inputs, { ...execution, contentDigest }, nothing);
    assert.equal(record?.contentDigest, contentDigest);
    assert.deepEqual(record?.aliases, [record?.key, resultKey(root, contentDigest)]);
  });

  it('stands on nothing where the step does', async () => {
    const vertex = await prepared('COPY --link a.txt /x', 1);
    const record = await recordExecution(vertex, inputs, { ...execution, landedExactly: true }, nothing);
    assert.ok(record);
    assert.equal('rootKey' in record, false);
    assert.equal('landedExactly' in record, false);
    assert.equal(record.aliases.length, 3);
    const inFolder = await recordExecution(vertex, inputs, { ...execution, landedExactly: false }, nothing);
    const [key, exact] = record.aliases;
    assert.deepEqual(
      inFolder?.aliases,
      record.aliases.filter((alias) => alias !== exact),
    );
    assert.equal(key, record.key);
  });

  it('is none while something below has no key', async () => {
    const vertex = await prepared('RUN a', 1);
    assert.equal(await recordExecution(vertex, new Map(), execution, nothing), undefined);
    const { local: _, ...unknown } = vertex.request;
    const request: VertexRequest = unknown;
    assert.equal(await recordExecution({ ...vertex, request }, inputs, execution, nothing), undefined);
  });

  it('of a step that was forced over an older one has a key of its own, and is found by the old', async () => {
    const vertex = await prepared('RUN a', 1);
    const older = await recordExecution(vertex, inputs, execution, nothing);
    assert.ok(older);
    const forced = { ...vertex, request: { ...vertex.request, isForced: true } };
    const index = { ...nothing, find: async () => older };
    const record = await recordExecution(forced, inputs, { ...execution, result: 'again' }, index);
    assert.equal(record?.key, regeneratedKey(older.key, 'again'));
    assert.deepEqual(record?.aliases, older.aliases);
    assert.equal((await recordExecution(forced, inputs, execution, nothing))?.key, older.key);
  });

  it('keeps no value of an ARG, nor of an ENV whose name looks secret', async () => {
    const names =
      'PASS DB_PASSWORD passwd MY_SECRET API_TOKEN APIKEY API_KEY PRIVATEKEY private_key CREDENTIALS AUTH_HEADER'.split(
        ' ',
      );
    for (const name of names) {
      const { components } = await recordOf(`ENV ${name}=hunter2\nRUN a`);
      assert.ok(!JSON.stringify(components).includes('hunter2'), name);
    }
    const { components } = await recordOf('ARG PLAIN=hunter2\nENV OPEN=seen\nRUN a');
    const shown = components.flatMap(({ kind, name, value }) =>
      kind === 'arg' || kind === 'env' ? [`${kind} ${name} ${value}`] : [],
    );
    assert.deepEqual(
      shown
        .filter((text) => !text.includes('PATH'))
        .map((text) => text.replace(/digest:[0-9a-f]{8}$/, 'digest')),
      ['env OPEN seen', 'arg PLAIN digest'],
    );
  });
});

describe('what lands of a tree', () => {
  const copy = {
    kind: 'copy',
    sources: ['d'],
    destination: '/x',
    isDestinationDirectory: false,
    excludes: [],
    keepsParents: false,
  } as const;
  const tree = memoryTree({ 'd/': { mtimeNs: 7n }, 'd/b': { content: 'b', uid: 3, gid: 4 }, f: 'f', g: 'g' });

  it('keeps its owners, unless they are given', async () => {
    const owners = async (chown?: string) =>
      (await landSelection(tree, { ...copy, ...(chown === undefined ? {} : { chown }) })).landed.files.map(
        ({ uid, gid }) => `${uid}:${gid}`,
      );
    assert.deepEqual(await owners(), ['3:4']);
    assert.deepEqual(await owners('5'), ['5:5']);
    assert.deepEqual(await owners('5:6'), ['5:6']);
    assert.deepEqual(await owners('name'), ['0:0']);
    assert.deepEqual(await owners('5:name'), ['0:0']);
    assert.deepEqual(await owners('name5'), ['0:0']);
    assert.deepEqual(await owners('5name'), ['0:0']);
    assert.deepEqual(await owners('name:5'), ['0:0']);
    const mounted = await landSelection(tree, { kind: 'tree', path: 'd/b' });
    assert.deepEqual(
      mounted.landed.files.map(({ uid, gid }) => [uid, gid]),
      [[3, 4]],
    );
  });

  it('has the mode that is asked for, but for links', async () => {
    const modes = async (chmod?: string) => {
      const files = {
        'd/e/': { mode: 0o750 },
        'd/f': { content: '', mode: 0o604 },
        'd/l': { linkTarget: 'f' },
      };
      const { landed } = await landSelection(memoryTree(files), {
        ...copy,
        ...(chmod === undefined ? {} : { chmod }),
      });
      return landed.files.map(({ path, mode }) => `${path} ${mode.toString(8)}`);
    };
    assert.deepEqual(await modes(), ['e 750', 'f 604', 'l 777']);
    assert.deepEqual(await modes('4711'), ['e 4711', 'f 4711', 'l 777']);
    assert.deepEqual(await modes('g=u,o+X'), ['e 771', 'f 664', 'l 777']);
  });

  it('has an octal mode for folders that are made on the way', () => {
    const modes: readonly (readonly [string | undefined, number])[] = [
      [undefined, 0o755],
      ['700', 0o700],
      ['0700', 0o700],
      ['4750', 0o750],
      ['777', 0o755],
      ['666', 0o644],
      ['u=rwx', 0o755],
      ['a7', 0o755],
      ['7a', 0o755],
    ];
    assert.deepEqual(
      modes.map(([chmod]) => [chmod, madeDirectoryMode(chmod)]),
      modes,
    );
  });

  it('is several files where several are, whatever the place is', async () => {
    const { landed } = await landSelection(tree, { ...copy, sources: ['f'] });
    assert.equal(landed.landing, 'open');
    assert.deepEqual(
      exactLanding(landed)?.files.map(({ path }) => path),
      [''],
    );
    assert.equal(exactLanding({ ...landed, files: [...landed.files, ...landed.files] }), undefined);
    assert.equal(exactLanding({ ...landed, files: [] }), undefined);
    assert.equal(exactLanding({ ...landed, landing: 'inside' }), undefined);
  });

  it('tells attributes by their names, in quotes where a name could be something else', async () => {
    const xattrs = new Map(
      ['user.b', 'user.a b', 'user.a=b', 'user.a"b', 'user.a'].map((name) => [name, Buffer.from('1')]),
    );
    const { landed } = await landSelection(memoryTree({ f: { content: '', xattrs } }), {
      kind: 'tree',
      path: 'f',
    });
    const [component] = fileComponents('', landed);
    assert.equal(
      component?.value.split(' ').slice(5).join(' '),
      'user.a=MQ== "user.a b"=MQ== "user.a\\"b"=MQ== "user.a=b"=MQ== user.b=MQ==',
    );
  });

  it('has the time of a folder that was a source, but not of a root', async () => {
    assert.deepEqual((await landSelection(tree, copy)).landed.directory, { mtimeNs: 7n });
    assert.deepEqual((await landSelection(tree, { ...copy, sources: ['/'] })).landed.directory, {});
    assert.equal((await landSelection(tree, { ...copy, sources: ['f'] })).landed.directory, undefined);
  });

  it('has no name at a path that is no directory, if it is one file', async () => {
    const exact = async (sources: readonly string[]) => {
      const { landed } = await landSelection(tree, { ...copy, sources, isExact: true });
      return [landed.landing, landed.files.map(({ path, source }) => `${path}=${source}`)];
    };
    assert.deepEqual(await exact(['f']), ['exact', ['=f']]);
    assert.deepEqual(await exact(['d']), ['inside', []]);
    const digest = async (source: string) =>
      contentDigest(
        (await landSelection(memoryTree({ f: '1', g: '1' }), { ...copy, sources: [source], isExact: true }))
          .landed,
        {},
      );
    assert.equal(await digest('f'), await digest('g'));
  });

  it('stops when told to', async () => {
    await assert.rejects(landSelection(tree, copy, AbortSignal.abort()));
    await assert.rejects(landSelection(tree, { kind: 'tree', path: 'd' }, AbortSignal.abort()));
  });
});
