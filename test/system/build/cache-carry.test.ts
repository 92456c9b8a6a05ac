/** A build cache carried from one engine to another by `naru build --cache-to` and `--cache-from`; and what becomes of one that is damaged. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { BuildEvent } from '../../../core/protocol/build.ts';
import { busyboxArchive } from '../../../scripts/base-images.ts';
import { startEngine } from '../../support/engine.ts';
import { runNaru } from '../../support/naru-cli.ts';
import { requireRoot } from '../../support/skip.ts';
import { until } from '../../support/until.ts';
import { faultsOf } from './integrity.ts';

type Engine = Awaited<ReturnType<typeof startEngine>>;

const DOCKERFILE = `FROM busybox AS dep
COPY dep.txt /dep.txt
RUN cat /dep.txt /proc/uptime > /dep
FROM busybox
WORKDIR /app
COPY src src
RUN cat src/a /proc/uptime > made
COPY --from=dep /dep /dep
COPY --link src/a /linked
CMD ["cat", "/app/made"]
`;

interface Ran {
  readonly status: number;
  /** `line state`, sorted; the latest state of each line. */
  readonly steps: readonly string[];
  readonly image: string;
  readonly stderr: string;
  readonly warnings: readonly string[];
  /** Of the step that failed. */
  readonly errorLine: number | undefined;
}

describe('a cache that is carried', function () {
  this.timeout(180_000);
  let folder = '';
  let project = '';
  let one: Engine;
  const others: Engine[] = [];

  before(async function () {
    requireRoot(this);
    folder = fs.mkdtempSync(join(tmpdir(), 'naru-carry-'));
    project = join(folder, 'project');
    fs.mkdirSync(join(project, 'src'), { recursive: true });
    fs.writeFileSync(join(project, 'Dockerfile'), DOCKERFILE);
    fs.writeFileSync(join(project, 'dep.txt'), 'dep\n');
    fs.writeFileSync(join(project, 'src/a'), 'a\n');
    one = await engineWithBase();
  });
  after(async () => {
    for (const engine of others) await engine.stop();
    if (folder !== '') fs.rmSync(folder, { recursive: true, force: true });
  });

  async function engineWithBase(): Promise<Engine> {
    const engine = await startEngine();
    others.push(engine);
    const { status, stderr } = await runNaru(engine.host, ['load', '-i', await busyboxArchive()]);
    assert.equal(status, 0, stderr);
    return engine;
  }

  async function build(engine: Engine, ...args: string[]): Promise<Ran> {
    const ran = await runNaru(engine.host, [
      'build',
      '--network',
      'none',
      '--progress',
      'json',
      ...args,
      project,
    ]);
    const events = ran.stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as BuildEvent); // our own JSON lines
    const states = new Map<number, string>();
    for (const event of events) if (event.type === 'step') states.set(event.line, event.state);
    return {
      status: ran.status,
      steps: [...states].map(([line, state]) => `${line} ${state}`).toSorted(),
      image: events.flatMap((event) => (event.type === 'result' ? [event.image] : [])).join(''),
      stderr: ran.stderr,
      errorLine: events.flatMap((event) => (event.type === 'error' ? [event.line] : [])).at(0),
      warnings: events.flatMap((event) => (event.type === 'warning' ? [event.message] : [])),
    };
  }

  async function preview(engine: Engine, ...args: string[]): Promise<readonly string[]> {
    const { stdout } = await runNaru(engine.host, [
      'preview',
      '--network',
      'none',
      '--json',
      ...args,
      project,
    ]);
    const { steps } = JSON.parse(stdout) as { steps: readonly { line: number; state: string }[] }; // our own JSON
    return steps.map(({ line, state }) => `${line} ${state}`).toSorted();
  }

  /** Names of a running engine's layers. */
  function layersOf(engine: Engine): number {
    return fs.readdirSync(join(engine.root, 'snapshots')).length;
  }

  const all = [
    '1 CACHED',
    '10 FREE',
    '2 CACHED',
    '3 CACHED',
    '4 CACHED',
    '5 CACHED',
    '6 CACHED',
    '7 CACHED',
    '8 CACHED',
    '9 CACHED',
  ];

  it('gives the same image on another engine, which the preview knew, and fetches only what the image is made of', async () => {
    const cache = join(folder, 'max');
    const first = await build(one, '--cache-to', `type=local,dest=${cache},mode=max`);
    assert.equal(first.status, 0, first.stderr);
    const other = await engineWithBase();
    const nBefore = layersOf(other);
    const from = ['--cache-from', `type=local,src=${cache}`];
    const said = await preview(other, ...from);
    assert.deepEqual(said, all);
    assert.notDeepEqual(await preview(other), all);
    assert.equal(layersOf(other), nBefore, 'a preview fetches nothing');
    const second = await build(other, ...from);
    assert.deepEqual([second.status, second.steps, second.warnings], [0, all, []]);
    assert.equal(second.image, first.image);
    assert.equal(
      layersOf(other) - nBefore,
      5,
      'the layers of the stage that is only copied from are not fetched',
    );
    // It is the engine's own cache now, the keys of the stage that was not fetched included.
    assert.deepEqual(await preview(other), all);
    const third = await build(other);
    assert.deepEqual([third.steps, third.image], [all, first.image]);
  });

  it('fetches a stage when a step needs its files, and makes the rest anew', async () => {
    const cache = join(folder, 'max');
    const other = await engineWithBase();
    const changed = join(project, 'src/a');
    fs.writeFileSync(changed, 'changed\n');
    try {
      const ran = await build(other, '--cache-from', `type=local,src=${cache}`);
      assert.deepEqual(
        ran.steps.filter((step) => step.endsWith(' RUN')),
        ['6 RUN', '7 RUN', '8 RUN', '9 RUN'],
      );
      assert.ok(ran.steps.includes('3 CACHED'));
      assert.equal(ran.status, 0, ran.stderr);
    } finally {
      fs.writeFileSync(changed, 'a\n');
    }
  });

  /** What another engine does with the cache in a directory or an image, once something was changed in the project; the preview must have said it. */
  async function elsewhere(
    from: string,
    change?: { readonly file: string; readonly text: string },
    ...args: string[]
  ): Promise<Ran & { readonly said: readonly string[]; readonly engine: Engine }> {
    const engine = await engineWithBase();
    const file = join(project, change?.file ?? 'Dockerfile');
    const before = fs.readFileSync(file, 'utf8');
    if (change !== undefined) fs.writeFileSync(file, change.text);
    try {
      const said = await preview(engine, '--cache-from', from, ...args);
      const ran = await build(engine, '--cache-from', from, ...args);
      assert.equal(ran.status, 0, ran.stderr);
      assert.deepEqual(ran.warnings, []);
      // What depends may turn out either way.
      const isEither = new Set(said.flatMap((step) => /^(\d+) DEPENDS$/.exec(step)?.[1] ?? []));
      const certain = (step: string): boolean => !isEither.has(step.split(' ')[0] ?? '');
      assert.deepEqual(
        said.filter(certain).map((step) => step.replace(/ RUN \(.*\)$/, ' RUN')),
        ran.steps.filter(certain),
      );
      return { ...ran, said, engine };
    } finally {
      fs.writeFileSync(file, before);
    }
  }

  function ranOf({ steps }: Ran): readonly string[] {
    return steps.filter((step) => step.endsWith(' RUN'));
  }

  it('min runs nothing on another engine where nothing changed, though it has no layers of the stage that is only copied from', async () => {
    const min = join(folder, 'min');
    const first = await build(one, '--cache-to', `type=local,dest=${min}`);
    const names = fs.readdirSync(join(min, 'blobs/sha256'));
    assert.equal(names.length - 2, 5, 'layers of the image above its base, without manifest and config');
    const second = await elsewhere(`type=local,src=${min}`);
    assert.deepEqual(second.steps, all);
    assert.equal(second.image, first.image);
    await checkImage(second.engine, second.image);
  });

  it('min runs a stage after all when a step needs its files', async () => {
    const from = `type=local,src=${join(folder, 'min')}`;
    const ran = await elsewhere(from, { file: 'src/a', text: 'changed\n' });
    assert.deepEqual(ranOf(ran), ['2 RUN', '3 RUN', '6 RUN', '7 RUN', '8 RUN', '9 RUN']);
  });

  it('min runs a stage whose source changed, and what takes its files', async () => {
    const from = `type=local,src=${join(folder, 'min')}`;
    const ran = await elsewhere(from, { file: 'dep.txt', text: 'other\n' });
    // The linked copy lands on what is new, and its own files were not carried.
    assert.deepEqual(ranOf(ran), ['2 RUN', '3 RUN', '8 RUN', '9 RUN']);
    const { stdout } = await runNaru(ran.engine.host, [
      'run',
      '--rm',
      '--network',
      'none',
      ran.image,
      'head',
      '-n',
      '1',
      '/dep',
    ]);
    assert.equal(stdout, 'other\n');
  });

  it('min runs a stage to see what it lands, where only that can be a hit', async () => {
    const steady = DOCKERFILE.replace('/dep.txt /proc/uptime', '/dep.txt');
    const directory = join(folder, 'steady');
    fs.writeFileSync(join(project, 'Dockerfile'), steady);
    const first = await build(one, '--cache-to', `type=local,dest=${directory}`);
    fs.writeFileSync(join(project, 'Dockerfile'), DOCKERFILE);
    const respelled = steady.replace('--from=dep /dep ', '--from=dep /de[p] ');
    const ran = await elsewhere(`type=local,src=${directory}`, { file: 'Dockerfile', text: respelled });
    assert.deepEqual(
      ran.said.filter((step) => step.endsWith(' DEPENDS')),
      ['8 DEPENDS', '9 DEPENDS'],
    );
    assert.deepEqual(ranOf(ran), ['2 RUN', '3 RUN']);
    assert.notEqual(ran.image, first.image, 'the history spells it anew');
  });

  it('min tells the line of a step that ran after all and failed', async () => {
    const failing = DOCKERFILE.replace(
      'RUN cat /dep.txt',
      'RUN --mount=type=secret,id=turn test "$(cat /run/secrets/turn)" = good && cat /dep.txt',
    );
    const directory = join(folder, 'failing');
    fs.writeFileSync(join(project, 'Dockerfile'), failing);
    try {
      const secret = join(folder, 'turn');
      fs.writeFileSync(secret, 'good');
      const given = ['--secret', `id=turn,src=${secret}`];
      const first = await build(one, ...given, '--cache-to', `type=local,dest=${directory}`);
      assert.equal(first.status, 0, first.stderr);
      fs.writeFileSync(secret, 'bad');
      fs.writeFileSync(join(project, 'src/a'), 'changed\n');
      const other = await engineWithBase();
      const ran = await build(other, ...given, '--cache-from', `type=local,src=${directory}`);
      assert.equal(ran.status, 1);
      assert.equal(ran.errorLine, 3);
    } finally {
      fs.writeFileSync(join(project, 'src/a'), 'a\n');
      fs.writeFileSync(join(project, 'Dockerfile'), DOCKERFILE);
    }
  });

  it('min runs a stage that is the image itself', async () => {
    const from = `type=local,src=${join(folder, 'min')}`;
    const ran = await elsewhere(from, undefined, '--target', 'dep');
    assert.deepEqual(ranOf(ran), ['2 RUN', '3 RUN']);
    const whole = ['run', '--rm', '--network', 'none', ran.image, 'head', '-n', '1', '/dep'];
    assert.equal((await runNaru(ran.engine.host, whole)).stdout, 'dep\n');
  });

  it('a later export keeps what was never fetched', async () => {
    const again = join(folder, 'again');
    const third = await engineWithBase();
    await build(
      third,
      '--cache-from',
      `type=local,src=${join(folder, 'max')}`,
      '--cache-to',
      `type=local,dest=${again},mode=max`,
    );
    const names = (directory: string): readonly string[] =>
      fs.readdirSync(join(directory, 'blobs/sha256')).toSorted();
    const layers = (directory: string): readonly string[] =>
      names(directory).filter((name) => names(join(folder, 'max')).includes(name));
    assert.equal(
      layers(again).length,
      names(join(folder, 'max')).length - 2,
      'all layers, without manifest and config',
    );
    const fourth = await engineWithBase();
    assert.deepEqual((await build(fourth, '--cache-from', `type=local,src=${again}`)).steps, all);
  });

  it('travels inside the image', async () => {
    const first = await build(one, '-t', 'inlined', '--cache-to', 'type=inline');
    const saved = join(folder, 'inlined.tar');
    assert.equal((await runNaru(one.host, ['save', '-o', saved, 'inlined'])).status, 0);
    const other = await engineWithBase();
    await runNaru(other.host, ['load', '-i', saved]);
    assert.deepEqual(await preview(other, '--cache-from', 'inlined'), all);
    const second = await build(
      other,
      '--cache-from',
      'type=registry,ref=inlined',
      '--cache-to',
      'type=inline',
    );
    assert.deepEqual(second.steps, all);
    assert.equal(second.image, first.image);
    const absent = await build(other, '--cache-from', 'nobody/has-it');
    assert.equal(absent.status, 0);
    assert.match(
      absent.warnings.join('\n'),
      /no cache is taken from nobody\/has-it: it is not on this engine, and registries are not supported yet/,
    );
  });

  /** A copy of the whole cache, with something done to its layers, largest first. */
  function damaged(name: string, change: (file: string, at: number) => void): string {
    const copy = join(folder, name);
    fs.cpSync(join(folder, 'max'), copy, { recursive: true });
    const blobs = join(copy, 'blobs/sha256');
    const layers = fs
      .readdirSync(blobs)
      .filter((file) => fs.readFileSync(join(blobs, file)).toString('latin1', 257, 262) === 'ustar');
    layers.toSorted().forEach((file, at) => change(join(blobs, file), at));
    return copy;
  }

  /** Whatever the cache was, the image is right and the engine whole. */
  async function checkImage(engine: Engine, image: string): Promise<void> {
    const { stdout, stderr } = await runNaru(engine.host, [
      'run',
      '--rm',
      '--network',
      'none',
      image,
      'sh',
      '-c',
      'head -n 1 /app/made; head -n 1 /dep; cat /linked',
    ]);
    assert.equal(stdout, 'a\ndep\na\n', stderr);
    // The container's own snapshot goes a moment after everyone was told of its end.
    await until('an engine without a fault', () => faultsOf(engine.root).length === 0);
  }

  const damages: readonly (readonly [string, (file: string, at: number) => void, RegExp])[] = [
    ['truncated layers are misses', (file) => fs.truncateSync(file, 700), /^$/],
    ['absent layers are misses', (file) => fs.rmSync(file), /^$/],
    [
      'layers with another content are misses that are told',
      (file) => {
        const bytes = fs.readFileSync(file);
        // A letter of the first member's name: still a good tar.
        bytes[0] = bytes[0] === 120 ? 121 : 120;
        fs.writeFileSync(file, bytes);
      },
      /the cached step cannot be used and runs instead: /,
    ],
    [
      'one damaged layer of several',
      (file, at) => {
        if (at !== 2) return;
        const bytes = fs.readFileSync(file);
        bytes.fill(120, 512);
        fs.writeFileSync(file, bytes);
      },
      /^$|the cached step cannot be used and runs instead: /,
    ],
  ];
  for (const [behaviour, change, warning] of damages) {
    it(behaviour, async () => {
      const copy = damaged(behaviour.replaceAll(' ', '-'), change);
      const other = await engineWithBase();
      const ran = await build(other, '--cache-from', `type=local,src=${copy}`);
      assert.equal(ran.status, 0, ran.stderr);
      assert.match(ran.warnings.join('\n'), warning);
      await checkImage(other, ran.image);
    });
  }

  it('a cache whose words are damaged is one sentence, and the build goes on', async () => {
    const other = await engineWithBase();
    const cases: readonly (readonly [string, (copy: string) => void, RegExp])[] = [
      ['no-folder', (copy) => fs.rmSync(copy, { recursive: true }), /there is no such folder/],
      ['no-index', (copy) => fs.rmSync(join(copy, 'index.json')), /it has no build cache called latest/],
      ['torn-index', (copy) => fs.truncateSync(join(copy, 'index.json'), 40), /index\.json/],
      [
        'torn-config',
        (copy) => {
          const blobs = join(copy, 'blobs/sha256');
          for (const file of fs.readdirSync(blobs)) {
            const bytes = fs.readFileSync(join(blobs, file));
            if (bytes.toString('latin1', 0, 1) === '{')
              fs.writeFileSync(join(blobs, file), bytes.subarray(0, -5));
          }
        },
        /sha256:[0-9a-f]{64} is damaged/,
      ],
    ];
    for (const [name, change, message] of cases) {
      const copy = damaged(name, () => undefined);
      change(copy);
      const ran = await build(other, '--cache-from', `type=local,src=${copy}`);
      assert.equal(ran.status, 0);
      assert.match(ran.stderr, message);
      assert.match(ran.stderr, /^warning: the build cache in \S+ cannot be used: .*\n$/);
    }
  });

  it('refuses what it cannot do with one sentence', async () => {
    for (const [flag, message] of [
      ['--cache-to=type=registry,ref=x', /--cache-to: type=registry is not supported yet/],
      ['--cache-to=user/app:cache', /--cache-to: type=registry is not supported yet/],
      ['--cache-from=type=gha', /--cache-from: type=gha is not supported yet/],
      ['--cache-to=type=foo', /--cache-to: unknown type "foo"/],
      ['--cache-to=type=local', /--cache-to: type=local requires dest/],
      ['--cache-from=type=local', /--cache-from: type=local requires src/],
      ['--cache-to=type=local,dest=/x,mode=mid', /mode "mid" is neither min nor max/],
    ] as const) {
      const { status, stderr } = await runNaru(one.host, ['build', flag, project]);
      assert.notEqual(status, 0, flag);
      assert.match(stderr, message);
    }
    const taken = join(project, 'Dockerfile');
    const { status, stderr } = await build(one, '--cache-to', `type=local,dest=${taken}`);
    assert.equal(status, 1, stderr);
    assert.match(stderr, /the image was built, but its cache cannot be written to \S+Dockerfile: /);
    const ignored = await build(one, '--cache-to', `type=local,dest=${taken},ignore-error=true`);
    assert.equal(ignored.status, 0);
    assert.match(ignored.stderr, /^warning: the image was built, but its cache cannot be written/);
  });
});
