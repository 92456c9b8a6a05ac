/** kill -9 and a full disk while a cache is carried: never a wrong layer afterwards, and nothing half-made. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { execStatus } from '../../../runtime/host/exec.ts';
import { mountPointsBelow, unmountIfMounted } from '../../../runtime/host/overlay-mount.ts';
import { busyboxArchive } from '../../../scripts/base-images.ts';
import { makeRandom } from '../../bench/random.ts';
import { startEngine } from '../../support/engine.ts';
import { runNaru } from '../../support/naru-cli.ts';
import { requireRoot } from '../../support/skip.ts';
import { until } from '../../support/until.ts';
import { faultsOf } from './integrity.ts';

type Engine = Awaited<ReturnType<typeof startEngine>>;

const MAIN = join(import.meta.dirname, '../../../client/cli/main.ts');

/** Several layers of some size, so that there is something to be killed in. */
const DOCKERFILE = `FROM busybox AS dep
RUN head -c 3000000 /dev/urandom > /dep && md5sum /dep > /dep.sum
FROM busybox
RUN head -c 4000000 /dev/urandom > /one && md5sum /one > /one.sum
RUN head -c 4000000 /dev/urandom > /two && md5sum /two > /two.sum
COPY --from=dep /dep /dep.sum /
`;
const CHECK = 'md5sum -c /one.sum /two.sum /dep.sum';

describe('a cache that is carried, and killed', function () {
  this.timeout(400_000);
  let folder = '';
  let project = '';
  let cache = '';
  let one: Engine;
  let image = '';
  const random = makeRandom(3);

  before(async function () {
    requireRoot(this);
    folder = fs.mkdtempSync(join(tmpdir(), 'naru-carry-'));
    project = join(folder, 'project');
    cache = join(folder, 'cache');
    fs.mkdirSync(project);
    fs.writeFileSync(join(project, 'Dockerfile'), DOCKERFILE);
    one = await startEngine();
    await loadBase(one);
    image = await built(one, '--cache-to', `type=local,dest=${cache},mode=max`);
  });
  after(async () => {
    await one?.stop();
    if (folder === '') return;
    for (const point of mountPointsBelow(folder)) unmountIfMounted(point);
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function loadBase(engine: Engine): Promise<void> {
    const { status, stderr } = await runNaru(engine.host, ['load', '-i', await busyboxArchive()]);
    assert.equal(status, 0, stderr);
  }

  /** What a client was told the end of is cleared away a moment later. */
  async function whenWhole(engine: Engine): Promise<void> {
    await until('an engine without a fault', () => faultsOf(engine.root).length === 0).catch(() =>
      assert.deepEqual(faultsOf(engine.root), []),
    );
  }

  /** The image ID. */
  async function built(engine: Engine, ...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await runNaru(engine.host, [
      'build',
      '--network',
      'none',
      '-q',
      ...args,
      project,
    ]);
    assert.equal(status, 0, stderr);
    return stdout.trim();
  }

  /** The command line in a process of its own. */
  function naru(engine: Engine, ...args: string[]): ChildProcess {
    return spawn(
      process.execPath,
      [MAIN, '--host', engine.host, 'build', '--network', 'none', '-q', ...args, project],
      {
        stdio: 'ignore',
      },
    );
  }

  /** Its files are what their sums say, and the engine's rows and directories agree. */
  async function check(engine: Engine, id: string): Promise<void> {
    const { status, stdout, stderr } = await runNaru(engine.host, [
      'run',
      '--rm',
      '--network',
      'none',
      id,
      'sh',
      '-c',
      CHECK,
    ]);
    assert.equal(status, 0, stdout + stderr);
    await whenWhole(engine);
  }

  it('the engine, while it takes layers in: the next build gives the same image', async () => {
    let engine = await startEngine();
    await loadBase(engine);
    const from = ['--cache-from', `type=local,src=${cache}`];
    for (let round = 0; round < 3; round += 1) {
      const client = naru(engine, ...from);
      const ended = once(client, 'exit');
      await Promise.race([ended, delay(300 + random() * 1500)]);
      await engine.kill('SIGKILL');
      client.kill('SIGKILL');
      await ended;
      engine = await startEngine({ folder: engine.folder });
      assert.deepEqual(faultsOf(engine.root), [], `round ${round}`);
    }
    const again = await built(engine, ...from);
    assert.equal(again, image);
    await check(engine, again);
    await engine.stop();
  });

  it('client or engine, while a cache is written: who reads it next gets the right image', async () => {
    for (let round = 0; round < 4; round += 1) {
      const target = join(folder, `torn-${round % 2}`);
      const client = naru(one, '--cache-to', `type=local,dest=${target},mode=max`);
      const ended = once(client, 'exit');
      await Promise.race([ended, delay(300 + random() * 1500)]);
      client.kill('SIGKILL');
      await ended;
      if (round % 2 === 1) {
        await one.kill('SIGKILL');
        one = await startEngine({ folder: one.folder });
      }
      const reader = await startEngine();
      await loadBase(reader);
      await check(reader, await built(reader, '--cache-from', `type=local,src=${target}`));
      await reader.stop();
      // The same directory takes a whole cache afterwards.
      await built(one, '--cache-to', `type=local,dest=${target},mode=max`);
      const next = await startEngine();
      await loadBase(next);
      assert.equal(await built(next, '--cache-from', `type=local,src=${target}`), image);
      await next.stop();
    }
  });

  async function tmpfs(name: string, size: string): Promise<string> {
    const directory = join(folder, name);
    fs.mkdirSync(directory);
    const { exitCode } = await execStatus(['mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory]);
    assert.equal(exitCode, 0);
    return directory;
  }

  it('a full disk where a cache is written: one sentence, and the old cache is whole', async () => {
    const small = await tmpfs('small', '5m');
    const target = join(small, 'cache');
    const { status, stderr } = await runNaru(one.host, [
      'build',
      '--network',
      'none',
      '-q',
      '--cache-to',
      `type=local,dest=${target},mode=max`,
      project,
    ]);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^naru: the image was built, but its cache cannot be written to \S+: no space left on device\n$/,
    );
    assert.ok(!fs.existsSync(join(target, 'index.json')));
    assert.deepEqual(
      fs.readdirSync(join(target, 'blobs/sha256')).filter((name) => name.includes('.')),
      [],
      'nothing half-written is left',
    );
    assert.equal((await execStatus(['mount', '-o', 'remount,size=64m', small])).exitCode, 0);
    assert.equal(await built(one, '--cache-to', `type=local,dest=${target},mode=max`), image);
    unmountIfMounted(small);
  });

  it('a full disk under the engine that takes a cache in: it says so, and goes on once there is space', async () => {
    const disk = await tmpfs('disk', '11m');
    fs.mkdirSync(join(disk, 'engine'));
    const engine = await startEngine({ folder: join(disk, 'engine') });
    await loadBase(engine);
    const from = `type=local,src=${cache}`;
    const { status, stderr } = await runNaru(engine.host, [
      'build',
      '--network',
      'none',
      '--cache-from',
      from,
      project,
    ]);
    assert.notEqual(status, 0);
    assert.match(stderr, /no space left on device/i);
    assert.doesNotMatch(stderr, /\n +at /);
    await whenWhole(engine);
    assert.equal((await execStatus(['mount', '-o', 'remount,size=96m', disk])).exitCode, 0);
    const again = await built(engine, '--no-cache-filter', 'none', '--cache-from', from);
    await check(engine, again);
    await engine.stop();
    for (const point of mountPointsBelow(disk)) unmountIfMounted(point);
    unmountIfMounted(disk);
  });
});
