/** `naru` at a terminal, on a real engine: typing, detaching, interrupting, and an engine that is killed meanwhile. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { busyboxArchive } from '../../scripts/base-images.ts';
import { startEngine } from '../support/engine.ts';
import { type NaruOptions, runNaru, type RunningNaru, startNaru } from '../support/naru-cli.ts';
import { requireRoot } from '../support/skip.ts';
import { until } from '../support/until.ts';

const TERMINAL = { terminal: { columns: 100, rows: 30 } };
/** Says when it has begun, and goes on when told to. */
const LONG = 'echo begun; sleep 1000';

describe('naru at a terminal', function () {
  this.timeout(60_000);
  let engine: Awaited<ReturnType<typeof startEngine>>;
  let folder: string;

  before(async function () {
    requireRoot(this);
    folder = mkdtempSync(join(tmpdir(), 'naru-terminal-'));
    writeFileSync(join(folder, 'Dockerfile'), `FROM busybox\nRUN touch /kept\nRUN ${LONG}\n`);
    engine = await startEngine();
    await naru(['load', '-q', '-i', await busyboxArchive()]);
  });
  after(async () => {
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    await naru(['rm', '-f', '--all']);
  });

  async function naru(args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
    return runNaru(engine.host, args, { cwd: folder });
  }
  /** A container called `bg`. */
  async function background(script: string): Promise<void> {
    const { status, stderr } = await naru(['run', '-d', '--name', 'bg', 'busybox', 'sh', '-c', script]);
    assert.equal(status, 0, stderr);
  }
  /** Started, and its first output seen. */
  async function begun(
    args: readonly string[],
    options: NaruOptions = {},
    sign = 'begun',
  ): Promise<RunningNaru> {
    const running = startNaru(engine.host, args, { cwd: folder, ...options });
    await until(`${sign} of ${args.join(' ')}`, () =>
      `${running.stdout()}${running.stderr()}`.includes(sign),
    );
    return running;
  }

  it('types into a shell, tells it the size of the window, and takes its exit code', async () => {
    const shell = await begun(['run', '--rm', '-it', 'busybox', 'sh'], TERMINAL, '# ');
    assert.equal(shell.isRaw(), true);
    shell.type('stty size\r');
    await until('the size', () => shell.stdout().includes('30 100'));
    shell.resize(90, 20);
    await until('the new size', () => {
      shell.type('stty size\r');
      return shell.stdout().includes('20 90');
    });
    shell.type('exit 7\r');
    assert.equal((await shell.result).status, 7);
    assert.equal(shell.isRaw(), false);
  });

  it('leaves a container by the detach keys, comes back to it, and to the same shell', async () => {
    const first = await begun(['run', '--name', 'shell', '-it', 'busybox', 'sh'], TERMINAL, '# ');
    first.type('x=kept\r\u0010\u0011'); // what comes before the keys still reaches the shell
    assert.deepEqual([(await first.result).status, first.isRaw()], [0, false]);
    const second = startNaru(engine.host, ['attach', '--detach-keys', 'ctrl-x', 'shell'], TERMINAL);
    await until('the shell', () => {
      second.type('echo is $x\r');
      return second.stdout().includes('is kept');
    });
    second.type('\u0018');
    assert.equal((await second.result).status, 0);
    assert.match((await naru(['ps', '--format', '{{.Names}}'])).stdout, /shell/);
  });

  it('leaves a command in a container by the detach keys', async () => {
    await background('exec sleep 1000');
    const exec = await begun(['exec', '-it', 'bg', 'sh', '-c', LONG], TERMINAL);
    exec.type('\u0010\u0011');
    assert.equal((await exec.result).status, 0);
    assert.match((await naru(['top', 'bg'])).stdout, /sleep 1000[^]*sleep 1000/);
  });

  it('gives the terminal back when the container is killed', async () => {
    const shell = await begun(['run', '--name', 'shell', '-it', 'busybox', 'sh'], TERMINAL, '# ');
    await naru(['kill', 'shell']);
    assert.deepEqual([(await shell.result).status, shell.isRaw()], [137, false]);
  });

  it('refuses a terminal on a pipe before anything is made', async () => {
    for (const args of [
      ['run', '-it', 'busybox'],
      ['exec', '-it', 'bg', 'sh'],
    ]) {
      const { status, stderr } = await naru(args);
      assert.notEqual(status, 0);
      assert.match(stderr, /^naru: the input device is not a TTY\n/);
    }
    assert.equal((await naru(['ps', '-aq'])).stdout, '');
  });

  it('passes Ctrl-C on to a container without a terminal, and ends with it', async () => {
    const run = await begun([
      'run',
      '--rm',
      'busybox',
      'sh',
      '-c',
      'trap "echo caught; exit 9" INT; echo begun; while :; do sleep 0.1; done',
    ]);
    run.interrupt('SIGINT');
    const { status, stdout } = await run.result;
    assert.deepEqual([status, stdout], [9, 'begun\ncaught\n']);
  });

  it('keeps signals for itself with --sig-proxy=false', async () => {
    const run = await begun(['run', '--name', 'goes-on', '--sig-proxy=false', 'busybox', 'sh', '-c', LONG]);
    run.interrupt('SIGTERM');
    assert.equal((await run.result).status, 143);
    assert.match((await naru(['ps', '--format', '{{.Names}}'])).stdout, /goes-on/);
  });

  it('starts a stopped container in the foreground', async () => {
    await naru(['create', '--name', 'later', '-i', 'busybox', 'sh', '-c', 'read a; echo got $a; exit 6']);
    const { status, stdout } = await runNaru(engine.host, ['start', '-ai', 'later'], { input: 'word\n' });
    assert.deepEqual([status, stdout], [6, 'got word\n']);
  });

  describe('interrupted', () => {
    const cases: readonly (readonly [args: readonly string[], sign: string, words: RegExp])[] = [
      [['logs', '-f', 'bg'], 'begun', /^$/],
      [['events', '--since', '1m'], 'container', /^$/],
      [
        ['build', '--no-cache', '.'],
        'begun',
        /^cancelled; the steps that were finished are kept for the next build$/,
      ],
    ];
    for (const [args, sign, words] of cases) {
      it(`${args.join(' ')} ends with 130${words.test('') ? ' and no words' : ', and says what is kept'}`, async () => {
        await background(LONG);
        const running = await begun(args, {}, sign);
        running.interrupt('SIGINT');
        const { status, stderr } = await running.result;
        assert.equal(status, 130);
        assert.match(/naru: (.*)\n/.exec(stderr)?.[1] ?? '', words);
      });
    }

    it('wait, stats and stop end with 130', async () => {
      await naru([
        'run',
        '-d',
        '--name',
        'bg',
        'busybox',
        'sh',
        '-c',
        'trap "" TERM; echo begun; sleep 1000',
      ]);
      for (const args of [
        ['wait', 'bg'],
        ['stats', 'bg'],
        ['stop', '-t', '1000', 'bg'],
      ]) {
        const running = startNaru(engine.host, args);
        running.interrupt('SIGINT');
        assert.equal((await running.result).status, 130, args.join(' '));
      }
    });
  });

  describe('with an engine that is killed', () => {
    afterEach(async () => {
      await engine.kill('SIGKILL');
      engine = await startEngine({ folder: engine.folder });
    });

    const cases: readonly (readonly [args: readonly string[], status: number, said: RegExp])[] = [
      [
        ['run', '--name', 'front', 'busybox', 'sh', '-c', LONG],
        125,
        /the engine went away while the container was running\n.*naru attach/,
      ],
      [['logs', '-f', 'bg'], 1, /the engine went away while the log was read\n/],
      [['attach', 'bg'], 1, /the engine went away while the container was running\n/],
      [['exec', 'bg', 'sh', '-c', LONG], 1, /the engine went away while the command was running\n/],
      [
        ['build', '--iidfile', 'id', '--metadata-file', 'meta', '-o', 'type=docker,dest=out', '.'],
        1,
        /the engine went away while building\n +start it again, then build again: finished steps are kept\n$/,
      ],
    ];
    for (const [args, status, said] of cases) {
      it(`${args.join(' ')} says so`, async () => {
        await background('while :; do echo begun; sleep 0.1; done');
        const running = await begun(args);
        await engine.kill('SIGKILL');
        const result = await running.result;
        assert.match(result.stderr, said);
        assert.equal(result.status, status);
        assert.deepEqual(readdirSync(folder), ['Dockerfile']);
      });
    }

    it('gives the terminal back', async () => {
      const shell = await begun(['run', '-it', 'busybox', 'sh'], TERMINAL, '# ');
      await engine.kill('SIGKILL');
      assert.deepEqual([(await shell.result).status, shell.isRaw()], [125, false]);
    });

    it('goes on with the build where it was when another engine comes at once', async () => {
      const running = await begun(['build', '.']);
      await engine.kill('SIGKILL');
      engine = await startEngine({ folder: engine.folder });
      const { status, stderr } = await running.result;
      assert.equal(status, 1);
      assert.match(stderr, /the engine went away while building: it started anew\n/);
      const again = await begun(['build', '.']);
      assert.match(again.stderr(), /CACHED RUN touch \/kept/);
      again.interrupt('SIGINT');
      await again.result;
    });
  });
});
