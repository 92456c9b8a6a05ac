import assert from 'node:assert/strict';

import { memoryTree } from '../../../core/context/memory-tree.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { lookupPlan } from '../../../core/build/lookup.ts';
import { type BuildOptions, defaultBuildOptions } from '../../../core/build/options.ts';
import type { PreviewReport } from '../../../core/preview/report.ts';
import { preview } from '../../../core/preview/preview.ts';
import { buildInMemory, MemoryCache } from '../build/memory-builder.ts';
import { baseImages } from '../build/base-images.ts';

const AMD64 = { os: 'linux', architecture: 'amd64' };

type Context = Readonly<Record<string, string | { mode?: number; content: string }>>;

/** A step behind one that depends on a stage: as it was built, and as it is asked about. */
interface Behind {
  readonly name: string;
  readonly lines: string;
  readonly now?: string;
  readonly options?: Partial<BuildOptions>;
  /** State and reasons. */
  readonly said: string | RegExp;
}

async function previewOf(
  text: string,
  context: Context,
  cache: MemoryCache,
  options: BuildOptions = defaultBuildOptions(AMD64),
): Promise<PreviewReport> {
  const images = baseImages();
  const { value } = await preview({
    dockerfile: readDockerfile(text).value,
    file: 'Dockerfile',
    project: 'p',
    options,
    contexts: (name) => (name === '' ? memoryTree(context) : undefined),
    resolver: {
      resolveImage: async (reference) => images.get(reference)?.resolved,
      lookup: (requests) => lookupPlan(requests, cache),
    },
  });
  assert.ok(value);
  return value;
}

/** `line:column severity message` of what a preview finds wrong. */
async function refusalsOf(text: string, cache: MemoryCache, options: Partial<BuildOptions> = {}) {
  const dockerfile = readDockerfile(text).value;
  const { value, problems } = await preview({
    dockerfile,
    file: 'Dockerfile',
    project: 'p',
    options: { ...defaultBuildOptions(AMD64), ...options },
    contexts: () => memoryTree(CONTEXT),
    resolver: {
      resolveImage: async (reference) => baseImages().get(reference)?.resolved,
      lookup: (requests) => lookupPlan(requests, cache),
    },
  });
  const told = problems.map(({ severity, message, span }) => {
    const { line, column } = dockerfile.lines.positionAt(span.start);
    return `${line + 1}:${column + 1} ${severity} ${message}`;
  });
  return { isBuilt: value !== undefined, told };
}

function build(text: string, context: Context, cache: MemoryCache, options = defaultBuildOptions(AMD64)) {
  return buildInMemory(
    { dockerfile: text, context: memoryTree(context), images: baseImages(), options },
    cache,
  );
}

function states(report: PreviewReport): readonly string[] {
  return report.steps.map((step) => `${step.line} ${step.state}`);
}

const TWO_STAGES = `FROM base AS deps
WORKDIR /app
COPY package.json ./
RUN pick /app/package.json
FROM base
ARG VERSION=1
COPY --from=deps /picked /app/
COPY src/ /app/
RUN make it
CMD ["run"]
`;
const CONTEXT = { 'package.json': '{}', 'src/a.ts': 'a', 'src/b.ts': 'b' };

describe('preview', () => {
  it('tells a first build, and everything cached after it', async () => {
    const cache = new MemoryCache();
    const first = await previewOf(TWO_STAGES, CONTEXT, cache);
    assert.equal(first.steps[3]?.reasons[0]?.text, 'line 2 has not been built here');
    assert.equal(first.summary.isAllCached, false);
    await build(TWO_STAGES, CONTEXT, cache);
    const second = await previewOf(TWO_STAGES, CONTEXT, cache);
    assert.deepEqual(states(second), [
      '1 CACHED',
      '2 CACHED',
      '3 CACHED',
      '4 CACHED',
      '5 CACHED',
      '6 FREE',
      '7 CACHED',
      '8 CACHED',
      '9 CACHED',
      '10 FREE',
    ]);
    assert.equal(second.summary.isAllCached, true);
  });

  it('refuses what the checks of the file refuse, at the first of them, as the build does', async () => {
    const text = 'FROM base\nENV A 1\nMAINTAINER x\n';
    const problemsOf = (file: string, buildArgs: readonly (readonly [string, string])[] = []) =>
      refusalsOf(file, new MemoryCache(), { buildArgs: new Map(buildArgs) });
    const rules = 'LegacyKeyValueFormat, MaintainerDeprecated';
    const refused = (line: number) => ({
      isBuilt: false,
      told: [`${line}:5 error lint violation found for rules: ${rules}`],
    });
    assert.deepEqual(await problemsOf(`# check=error=true\n${text}`), refused(3));
    assert.deepEqual(await problemsOf(text, [['BUILDKIT_DOCKERFILE_CHECK', 'error=true']]), refused(2));
    for (const file of [text, `# check=skip=all;error=true\n${text}`])
      assert.deepEqual(await problemsOf(file), { isBuilt: true, told: [] });
  });

  it('knows what a stage that is cached does not have', async () => {
    const cache = new MemoryCache();
    await build(TWO_STAGES, CONTEXT, cache);
    const stage = TWO_STAGES.slice(0, TWO_STAGES.indexOf('FROM base\nARG'));
    const copies = (source: string): string => `${stage}FROM base\nCOPY --from=deps ${source} /x\n`;
    assert.deepEqual((await refusalsOf(copies('/picked'), cache)).told, []);
    const { isBuilt, told } = await refusalsOf(copies('/nosuch'), cache);
    assert.deepEqual([isBuilt, told], [true, ['6:18 error lstat /nosuch: no such file or directory']]);
    // What it will have is known once it ran.
    assert.deepEqual((await refusalsOf(copies('/nosuch').replace('pick', 'pick -a'), cache)).told, []);
  });

  it('knows what a mount would not find in a stage, as the build tells it', async () => {
    const cache = new MemoryCache();
    await build(TWO_STAGES, CONTEXT, cache);
    const stage = TWO_STAGES.slice(0, TWO_STAGES.indexOf('FROM base\nARG'));
    const toldOf = async (mount: string, run = stage) =>
      (await refusalsOf(`${run}FROM base\nRUN --mount=${mount} make it\n`, cache)).told;
    const refused = [
      '6:1 error process "/bin/sh -c make it" did not complete successfully: open /nosuch: no such file or directory',
    ];
    assert.deepEqual(await toldOf('from=deps,source=/picked,target=/m'), []);
    assert.deepEqual(await toldOf('from=deps,source=/nosuch,target=/m'), refused);
    assert.deepEqual(await toldOf('source=/nosuch,target=/m'), ['6:1 error "/nosuch": not found']);
    // Who filled the cache is not known; nor what a stage has that runs again.
    assert.deepEqual(await toldOf('type=cache,from=deps,source=/nosuch,target=/m'), []);
    assert.deepEqual(
      await toldOf('from=deps,source=/nosuch,target=/m', stage.replace('pick', 'pick -a')),
      [],
    );
  });

  it('does not take a missing source for a wildcard that matched nothing', async () => {
    const cache = new MemoryCache();
    const copies = (source: string): string =>
      `FROM base AS s\nRUN constant x\nFROM base\nCOPY --from=s ${source} /x\n`;
    await build(copies('/nosuch*'), CONTEXT, cache);
    const last = async (source: string) => states(await previewOf(copies(source), CONTEXT, cache)).at(-1);
    assert.equal(await last('/other*'), '4 CACHED');
    assert.equal(await last('/nosuch'), '4 RUN');
    const told = ['4:15 error lstat /nosuch: no such file or directory'];
    assert.deepEqual((await refusalsOf(copies('/nosuch'), cache)).told, told);
  });

  it('refuses a step that would run without an SSH agent it requires', async () => {
    const cache = new MemoryCache();
    const text = 'FROM base\nRUN --mount=type=ssh --mount=type=ssh,id=k,required make it\n';
    const toldWith = async (...sshIds: readonly string[]) => (await refusalsOf(text, cache, { sshIds })).told;
    assert.deepEqual(await toldWith('default'), ['2:1 error unset ssh forward key k']);
    assert.deepEqual(await toldWith('k'), []);
    await build(text, CONTEXT, cache);
    assert.deepEqual(await toldWith(), []);
  });

  it('refuses a step that would run without a secret it requires, not one that is cached', async () => {
    const cache = new MemoryCache();
    const text = 'FROM base\nRUN --mount=type=secret,id=p --mount=type=secret,id=q,required make it\n';
    const toldWith = async (...secretIds: readonly string[]) =>
      (await refusalsOf(text, cache, { secretIds })).told;
    assert.deepEqual(await toldWith('p'), ['2:1 error secret q: not found']);
    assert.deepEqual(await toldWith('q'), []);
    await build(text, CONTEXT, cache);
    assert.deepEqual(await toldWith(), []);
  });

  it('names the file that changed and what runs after it', async () => {
    const cache = new MemoryCache();
    await build(TWO_STAGES, CONTEXT, cache);
    const report = await previewOf(TWO_STAGES, { ...CONTEXT, 'src/b.ts': 'bb' }, cache);
    assert.deepEqual(states(report).slice(6), ['7 CACHED', '8 RUN', '9 RUN (after line 8)', '10 FREE']);
    assert.deepEqual(report.steps[7]?.reasons, [
      { kind: 'file-changed', text: 'src/b.ts changed (1 to 2 bytes)', path: 'src/b.ts' },
    ]);
  });

  it('compares an edited command with what it was, wherever its line went', async () => {
    const cache = new MemoryCache();
    const text = 'FROM base\nRUN one\nRUN two\nCOPY a /\nRUN three\n';
    await build(text, { a: '' }, cache);
    await build(text.replace('RUN', '# why\n# and\nRUN'), { a: '' }, cache);
    const edited = text.replace('RUN', '# why\nRUN').replace('three', 'three more');
    const last = (await previewOf(edited, { a: '' }, cache)).steps.at(-1);
    assert.deepEqual([last?.line, last?.state, last?.seconds], [6, 'RUN', 1]);
    assert.deepEqual(last?.reasons, [{ kind: 'command', text: 'the command changed' }]);
  });

  for (const [before, now, ...wanted] of [
    // What stands in the place of another step was never built.
    ['RUN one && two', 'RUN make all', 'this step has not been built here'],
    ['COPY a /x', 'COPY b /y', 'this step has not been built here'],
    ['COPY --from=other /etc/base /b', 'COPY b /b', 'this step has not been built here'],
    ['ADD a /x', 'COPY a /x', 'this step has not been built here'],
    ['RUN one a', 'RUN one b && two', 'the command changed'],
    ['RUN one && two', 'RUN zero && one && two', 'the command changed'],
    ['WORKDIR /a', 'WORKDIR /b', 'the working directory changed from "/a" to "/b"'],
    ['COPY a /x/', 'COPY a b /x/', 'it names "b" as well'],
    [
      'COPY --from=other /etc/base /b',
      'COPY --from=other /etc/base /b/',
      'the destination is a directory now, by the slash at its end',
    ],
    ['ADD a /x', 'ADD --chmod=700 a /x', '--chmod=700 is new'],
    ['COPY a /x', 'COPY --chmod=600 a /x', '--chmod=600 is new'],
    ['COPY --chmod=644 a /x', 'COPY a /x', '--chmod is gone'],
    ['COPY --chmod=644 a /x', 'COPY --chmod=600 a /x', '--chmod changed from "644" to "600"'],
    ['ADD a b /x/', 'ADD b a /x/', 'it takes its sources in another order'],
    ['COPY a /x', 'COPY --link a /x', '--link is new'],
    ['COPY --link a /x', 'COPY a /x', '--link is gone'],
    ['COPY --link=false a /x', 'COPY --link a /x', '--link is new'],
    // What a heredoc holds stands on other lines than its instruction.
    ['RUN <<EOF\n#!a\nb\nEOF', 'RUN <<EOF\nb\nEOF', 'the content of heredoc EOF changed, from its line 1 on'],
    [
      'COPY <<EOF /x\none\nEOF',
      'COPY <<EOF /x\nfour\nEOF',
      'the content of heredoc EOF changed (4 to 5 bytes)',
    ],
    [
      'COPY <<A <<B /x/\none\nA\nB',
      'COPY <<A <<B /x/\none\nA\ntwo\nB',
      'the content of heredoc B changed (0 to 4 bytes)',
    ],
    [
      'RUN <<EOF\none\ntwo\nEOF',
      'RUN <<EOF\none\n2\nEOF',
      'the content of heredoc EOF changed, from its line 2 on',
    ],
    [
      'RUN <<EOF\n#!a\nb\nEOF',
      'RUN <<EOF\n#!a\nc\nEOF',
      'the content of heredoc EOF changed, from its line 2 on',
    ],
    [
      'RUN cat <<EOF\nb\nEOF',
      'RUN cat <<EOF\nc\nEOF',
      'the content of heredoc EOF changed, from its line 1 on',
    ],
    ['RUN cat <<A <<B\na\nA\nB', 'RUN cat <<A <<B\nb\nA\nB', 'the content of a heredoc changed: A or B'],
  ] as const) {
    it(`explains ${now} after ${before}`.replaceAll('\n', ' '), async () => {
      const cache = new MemoryCache();
      const context = { a: 'a', b: 'b' };
      await build(`FROM base\n${before}\n`, context, cache);
      const { steps } = await previewOf(`FROM base\n${now}\n`, context, cache);
      assert.deepEqual(
        steps.at(-1)?.reasons.map(({ text }) => text),
        wanted,
      );
    });
  }

  it('compares a heredoc with the one at its place, all of which read alike', async () => {
    const cache = new MemoryCache();
    const text = 'FROM base\nRUN <<EOF\none\ntwo\nEOF\nRUN <<EOF\nthree\nfour\nEOF\n';
    await build(text, CONTEXT, cache);
    const { steps } = await previewOf(text.replace('two', '2'), CONTEXT, cache);
    assert.equal(steps[1]?.reasons[0]?.text, 'the content of heredoc EOF changed, from its line 2 on');
    assert.deepEqual(
      steps[2]?.reasons.map(({ text: reason }) => reason),
      ['line 2 runs again'],
    );
  });

  it('compares with what was built with the same arguments, whichever was built last', async () => {
    const cache = new MemoryCache();
    const text = 'FROM base\nCOPY a /\nARG V\nRUN one $V\nRUN two\n';
    const withArg = (value: string): BuildOptions => ({
      ...defaultBuildOptions(AMD64),
      buildArgs: new Map([['V', value]]),
    });
    for (const value of ['1', '2']) await build(text, { a: '1' }, cache, withArg(value));
    const told = async (lines: string, a: string, value: string): Promise<readonly string[]> => {
      const { steps } = await previewOf(lines, { a }, cache, withArg(value));
      return steps.flatMap(({ line, reasons }) => reasons.map((reason) => `${line}: ${reason.text}`));
    };
    assert.deepEqual(await told(text, '12', '1'), [
      '2: a changed (1 to 2 bytes)',
      '4: line 2 runs again',
      '5: line 2 runs again',
    ]);
    const edited = text.replace('one', 'another');
    assert.deepEqual(await told(edited, '1', '1'), ['4: the command changed', '5: line 4 runs again']);
    assert.deepEqual(await told(text, '1', '3'), [
      '4: ARG V changed',
      '5: line 4 runs again',
      '5: ARG V changed',
    ]);
  });

  it('names the source that gives other files, and the steps above, where the step is as it was', async () => {
    const cache = new MemoryCache();
    const withArg = (value: string): BuildOptions => ({
      ...defaultBuildOptions(AMD64),
      buildArgs: new Map([['V', value]]),
    });
    const text =
      'FROM base AS a\nARG V\nRUN make $V\nFROM base\nCOPY --from=a /seen /m\nCOPY --from=other /etc/base /e\n';
    await build('FROM base AS a\nARG V\nRUN make $V\n', {}, cache, withArg('1'));
    await build(text, {}, cache, withArg('2'));
    const told = async (lines: string, value: string): Promise<readonly string[]> => {
      const { steps } = await previewOf(lines, {}, cache, withArg(value));
      const needed = steps.filter(({ state }) => state !== 'SKIPPED');
      return needed.flatMap(({ line, reasons }) => reasons.map((reason) => `${line}: ${reason.text}`));
    };
    assert.deepEqual(await told(text, '1'), [
      '5: stage a gives other files than last time',
      '6: line 5 runs again',
    ]);
    assert.deepEqual(await told(text.replace('other', 'again'), '2'), [
      '6: --from changed from "other" to "again"',
    ]);
    assert.deepEqual(await told(text.replace('COPY --from=a /seen /m\n', ''), '2'), [
      '5: the steps above it are not those it was built on',
    ]);
  });

  it('says that --chmod changed, not the files, where an argument names the mode', async () => {
    const cache = new MemoryCache();
    const text = 'FROM base\nARG MODE=644\nCOPY --chmod=$MODE a /d/\n';
    await build(text, { a: '1' }, cache);
    const options = { ...defaultBuildOptions(AMD64), buildArgs: new Map([['MODE', '755']]) };
    const { steps } = await previewOf(text, { a: '1' }, cache, options);
    assert.deepEqual(steps[2]?.reasons, [
      { kind: 'flag', text: '--chmod changed from "644" to "755"', arg: 'chmod' },
    ]);
  });

  it('says of a base image that it is for another platform', async () => {
    const options = { ...defaultBuildOptions(AMD64), platform: { os: 'linux', architecture: 'arm64' } };
    const { steps } = await previewOf('FROM base\nRUN x\n', {}, new MemoryCache(), options);
    const found =
      'image base was found but its platform (linux/amd64) does not match the one it is wanted for (linux/arm64)';
    assert.deepEqual(
      steps.map(({ state, reasons }) => `${state}: ${reasons[0]?.text}`),
      [
        `UNKNOWN: ${found}, so its config and layers are not known`,
        'UNKNOWN: what line 1 gives is not known',
      ],
    );
  });

  it('names build arguments that no ARG takes', async () => {
    const options = (...names: string[]): BuildOptions => ({
      ...defaultBuildOptions(AMD64),
      buildArgs: new Map(names.map((name) => [name, 'v'])),
    });
    const text = 'FROM base\nARG USED\nRUN x\n';
    const cache = new MemoryCache();
    const { unusedArgs } = await previewOf(text, {}, cache, options('Z', 'USED', 'A', 'HTTP_PROXY'));
    assert.deepEqual(unusedArgs, ['A', 'Z']);
    assert.equal('unusedArgs' in (await previewOf(text, {}, cache, options('USED'))), false);
  });

  it('says that a copy from a stage that runs again depends on what it yields', async () => {
    const cache = new MemoryCache();
    await build(TWO_STAGES, CONTEXT, cache);
    const report = await previewOf(TWO_STAGES, { ...CONTEXT, 'package.json': '{ }' }, cache);
    assert.deepEqual(states(report).slice(2), [
      '3 RUN',
      '4 RUN (after line 3)',
      '5 CACHED',
      '6 FREE',
      '7 DEPENDS',
      '8 DEPENDS',
      '9 DEPENDS',
      '10 FREE',
    ]);
    assert.deepEqual(
      report.steps.slice(6, 9).map(({ reasons }) => reasons.map(({ text }) => text)),
      [
        ['a hit if stage deps yields the same files when it runs again'],
        ['a hit if line 7 is one'],
        ['a hit if line 8 is one'],
      ],
    );
  });

  describe('says RUN of what runs whatever an open step above it does', () => {
    const DEPS = 'FROM base AS deps\nCOPY f /f\nRUN constant x\nFROM base\nCOPY --from=deps /constant /c\n';
    const OPTIONS = defaultBuildOptions(AMD64);
    const RUNS_ON: readonly Behind[] = [
      { name: 'a copy of a changed file', lines: 'COPY f /app/', said: 'RUN: f changed (same size)' },
      {
        name: 'an edited command',
        lines: 'RUN cat old',
        now: 'RUN cat new',
        said: 'RUN: the command changed',
      },
      { name: 'a new argument', lines: 'RUN a', now: 'ARG N=1\nRUN a', said: 'RUN: ARG N is new' },
      {
        name: 'another host',
        lines: 'RUN a',
        options: { extraHosts: [{ name: 'h', address: '10.0.0.1' }] },
        said: 'RUN: extra host h is new',
      },
      { name: 'another network', lines: 'RUN a', options: { network: 'none' }, said: /^RUN: .*network/ },
      {
        name: 'another size of /dev/shm',
        lines: 'RUN a',
        options: { shmSizeBytes: 1 << 20 },
        said: /^RUN: /,
      },
      {
        name: 'another limit',
        lines: 'RUN a',
        options: { ulimits: [{ name: 'nofile', soft: 1, hard: 2 }] },
        said: /^RUN: .*nofile/,
      },
      {
        name: 'a mount of another image',
        lines: 'RUN --mount=from=base,target=/m a',
        now: 'RUN --mount=from=other,target=/m a',
        said: /^RUN: /,
      },
      { name: 'a linked copy', lines: 'COPY --link f /app/', said: 'RUN: f changed (same size)' },
      {
        name: 'a folder that is another',
        lines: 'WORKDIR /a',
        now: 'WORKDIR /b',
        said: 'RUN: the working directory changed from "/a" to "/b"',
      },
    ];
    for (const { name, lines, now = lines, options = {}, said } of RUNS_ON) {
      it(name, async () => {
        const cache = new MemoryCache();
        await build(`${DEPS}${lines}\nRUN last\n`, { f: '1' }, cache, OPTIONS);
        const set = { ...OPTIONS, ...options };
        const { steps } = await previewOf(`${DEPS}${now}\nRUN last\n`, { f: '2' }, cache, set);
        const [step, last] = steps.slice(-2);
        const text = `${step?.state}: ${step?.reasons.map((reason) => reason.text).join()}`;
        if (typeof said === 'string') assert.equal(text, said);
        else assert.match(text, said);
        assert.equal(last?.state, `RUN (after line ${step?.line})`);
        assert.equal(steps[4]?.state, 'DEPENDS');
      });
    }

    for (const copy of ['COPY', 'COPY --link'])
      it(`and still DEPENDS of what was built as it is, on any of the results known so far: ${copy}`, async () => {
        const cache = new MemoryCache();
        const text = (value: string): string =>
          DEPS.replace('constant x', `constant ${value}`).replace('COPY --from', `${copy} --from`);
        await build(`${text('x')}RUN a\n`, { f: '1' }, cache);
        await build(`${text('y')}RUN b\n`, { f: '1' }, cache);
        const open = async (last: string): Promise<string | undefined> =>
          (await previewOf(`${text('z')}${last}\n`, { f: '1' }, cache)).steps.at(-1)?.state;
        assert.deepEqual(
          [await open('RUN a'), await open('RUN b'), await open('RUN c')],
          ['DEPENDS', 'DEPENDS', 'RUN'],
        );
      });
  });

  for (const [before, now, said] of [
    ['COPY a /', 'COPY b /', ['it names "b" instead of "a"']],
    ['COPY a /d/', 'COPY a b /d/', ['it names "b" as well']],
    ['COPY a b /d/', 'COPY a /d/', ['it does not name "b" any more']],
    ['COPY a c /d/', 'COPY b c /d/', ['it names "b" instead of "a"', 'c changed (same size)']],
  ] as const) {
    it(`says of ${now} after ${before} what is named, not that files came or went`, async () => {
      const cache = new MemoryCache();
      await build(`FROM base\n${before}\n`, { a: '1', b: '2', c: '3' }, cache);
      const { steps } = await previewOf(`FROM base\n${now}\n`, { a: '1', b: '2', c: '4' }, cache);
      assert.deepEqual(
        steps[1]?.reasons.map(({ text }) => text),
        said,
      );
    });
  }

  it('says what a linked copy and a stage on a stage depend on, each at its own line', async () => {
    const text =
      'FROM base AS a\nCOPY f /f\nRUN pick /f\nFROM base AS b\nCOPY --link --from=a /picked /p\nLABEL x=y\nFROM b\nRUN x\n';
    const cache = new MemoryCache();
    await build(text, { f: '1' }, cache);
    const { steps } = await previewOf(text, { f: '2' }, cache);
    const said = steps.flatMap(({ line, state, reasons }) =>
      state === 'DEPENDS' ? reasons.map((reason) => `${line}: ${reason.text}`) : [],
    );
    assert.deepEqual(said, [
      '5: a hit if stage a yields the same files when it runs again',
      '8: a hit if line 5 is one',
    ]);
  });

  it('names the line that may turn out the same where times are normalised', async () => {
    const text = 'FROM base\nCOPY f /f\nRUN x\nRUN y\n';
    const options = { ...defaultBuildOptions(AMD64), sourceDateEpoch: 1 };
    const cache = new MemoryCache();
    await build(text, { f: '1' }, cache, options);
    const { steps } = await previewOf(text, { f: '2' }, cache, options);
    assert.deepEqual(
      steps.slice(2).map(({ reasons }) => reasons.map((reason) => reason.text)),
      [['a hit if line 2 makes the same files again'], ['a hit if line 3 is one']],
    );
  });

  it('names the image that a copy or a mount cannot be read from', async () => {
    const text =
      'FROM base\nCOPY --from=away:1 /a /a\nFROM base\nRUN --mount=from=away:2,target=/m x\nRUN y\nCOPY --from=0 /a /b\n';
    const { steps } = await previewOf(text, {}, new MemoryCache());
    const said = steps.flatMap(({ line, state, reasons }) =>
      state === 'UNKNOWN' ? reasons.map((reason) => `${line}: ${reason.text}`) : [],
    );
    assert.deepEqual(said, [
      '2: image away:1 is not on the engine, so its files are not known',
      '4: image away:2 is not on the engine, so its files are not known',
      '5: what line 4 gives is not known',
      '6: what line 5 gives is not known',
    ]);
  });

  it('names the argument, and keeps its value to itself', async () => {
    const cache = new MemoryCache();
    await build(TWO_STAGES, CONTEXT, cache);
    const options = { ...defaultBuildOptions(AMD64), buildArgs: new Map([['VERSION', 'hunter2']]) };
    const report = await previewOf(TWO_STAGES, CONTEXT, cache, options);
    assert.deepEqual(report.steps[8]?.reasons, [
      { kind: 'arg', text: 'ARG VERSION changed', arg: 'VERSION' },
    ]);
    await build(TWO_STAGES, CONTEXT, cache, options);
    assert.ok(
      !JSON.stringify(
        await cache.nearest({ project: 'p', stage: '1', line: 9, instruction: 'RUN make it' }),
      ).includes('hunter2'),
    );
  });

  it('names the base image and the argument that chose it', async () => {
    const cache = new MemoryCache();
    const text = 'ARG BASE=base\nFROM ${BASE}\nRUN x\nRUN y\n';
    await build(text, {}, cache);
    const options = { ...defaultBuildOptions(AMD64), buildArgs: new Map([['BASE', 'other']]) };
    const { steps } = await previewOf(text, {}, cache, options);
    const reasons = steps.map((step) => step.reasons.map((reason) => reason.text));
    assert.deepEqual(reasons, [
      ['the image is other'],
      ['base image changed from base to other (ARG BASE)'],
      ['line 3 runs again'],
    ]);
  });

  it('reuses a linked copy over a root that changed', async () => {
    const cache = new MemoryCache();
    const text = 'FROM base\nCOPY a.txt /a.txt\nCOPY --link b.txt /b.txt\n';
    await build(text, { 'a.txt': '1', 'b.txt': '1' }, cache);
    const context = { 'a.txt': '2', 'b.txt': '1' };
    assert.deepEqual(states(await previewOf(text, context, cache)), ['1 CACHED', '2 RUN', '3 RELINK']);
    const built = await build(text, context, cache);
    assert.deepEqual(
      built.steps.map((step) => step.state),
      ['CACHED', 'RUN', 'RELINK'],
    );
  });

  it('knows a linked copy by what it was merged into when its own layer was pruned', async () => {
    const cache = new MemoryCache();
    const text = 'FROM base\nCOPY --link a.txt /a.txt\nRUN x\n';
    await build(text, { 'a.txt': '1' }, cache);
    cache.prune(({ origin }) => origin.place?.startsWith('copy ') === true);
    assert.deepEqual(states(await previewOf(text, { 'a.txt': '1' }, cache)), [
      '1 CACHED',
      '2 CACHED',
      '3 CACHED',
    ]);
    const changed = await previewOf(text, { 'a.txt': '2' }, cache);
    assert.deepEqual(states(changed), ['1 CACHED', '2 RUN', '3 RUN (after line 2)']);
  });

  it('tells of a linked copy what changed since the last one', async () => {
    const cache = new MemoryCache();
    const text = 'FROM base\nCOPY --link a.txt /a.txt\n';
    await build(text, { 'a.txt': '1' }, cache);
    const { steps } = await previewOf(text, { 'a.txt': '22' }, cache);
    assert.deepEqual(
      steps[1]?.reasons.map((reason) => reason.text),
      ['a.txt changed (1 to 2 bytes)'],
    );
  });

  it('lists steps of a base image under its FROM, and says what it does not know', async () => {
    const cache = new MemoryCache();
    const onbuild = await previewOf('FROM onbuild\nRUN x\n', { 'a.txt': '' }, cache);
    assert.deepEqual(
      onbuild.steps.map((step) => `${step.line} ${step.instruction}`),
      ['1 FROM onbuild', '1 COPY . /onbuild/', '2 RUN x'],
    );
    const unknown = await previewOf('FROM nowhere\nRUN x\n', {}, cache);
    assert.deepEqual(states(unknown), ['1 UNKNOWN', '2 UNKNOWN']);
  });

  it('tells no time of what stands on an image that is not here, nor of the whole', async () => {
    const cache = new MemoryCache();
    const text = 'FROM base\nARG V\nRUN one\nRUN two\nFROM base\nRUN three\nCOPY --from=0 /a /b\n';
    await build(text.replace('COPY --from=0 /a /b', 'RUN four'), {}, cache);
    const away = text.replace('base', 'nowhere').replace('three', 'three more');
    const { steps, summary, missingImages } = await previewOf(away, {}, cache);
    assert.deepEqual(
      steps.map(({ line, state, seconds }) => `${line} ${state} ${seconds}`),
      [
        '1 UNKNOWN undefined',
        '2 FREE undefined',
        '3 UNKNOWN undefined',
        '4 UNKNOWN undefined',
        '5 CACHED undefined',
        '6 RUN 1',
        '7 RUN (after line 6) undefined',
      ],
    );
    assert.deepEqual(
      steps.slice(2, 4).map(({ reasons }) => reasons[0]?.text),
      ['what line 1 gives is not known', 'what line 3 gives is not known'],
    );
    assert.deepEqual([summary.seconds, summary.worstSeconds], [undefined, undefined]);
    assert.deepEqual(missingImages, ['nowhere']);
    assert.equal((await previewOf(text, {}, cache)).missingImages, undefined);
  });
});
