/** What is killed besides the engine in a build: monitors, commands of builds, and the engine while it loads, commits, makes and removes. Needs root. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { busyboxArchive } from '../../../scripts/base-images.ts';
import { dockerCli, type CommandResult, type DockerCli } from '../../support/docker-cli.ts';
import { buildTracesOf, engineIdOf, tracesOf } from '../../support/engine-traces.ts';
import { startEngine } from '../../support/engine.ts';
import { requireRoot } from '../../support/skip.ts';
import { until } from '../../support/until.ts';
import { buildFiles, randomNumbers, readStore, type KillableEngine } from './killed-engine.ts';

describe('killed parts of an engine', function () {
  this.timeout(60_000);
  let engine: KillableEngine;
  let docker: DockerCli;

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    docker = dockerCli(engine.host);
    await docker.out(['load', '-i', await busyboxArchive()]);
  });
  after(async () => {
    docker?.close();
    await engine?.stop();
  });

  async function restart(signal: NodeJS.Signals): Promise<void> {
    await engine.kill(signal);
    engine = await startEngine({ folder: engine.folder });
  }

  it('conmon: the container counts as killed within seconds, nothing of it runs on, and it starts again', async () => {
    await docker.out(['run', '-d', '--name', 'alone', 'busybox', 'sh', '-c', 'echo hello; sleep 1000']);
    await until('its log', async () => (await docker.out(['logs', 'alone'])) === 'hello');
    const pid = Number(await docker.out(['inspect', '-f', '{{.State.Pid}}', 'alone']));
    process.kill(monitorOf('alone', await docker.out(['inspect', '-f', '{{.Id}}', 'alone'])), 'SIGKILL');
    assert.equal(await docker.out(['wait', 'alone']), '137');
    assert.deepEqual(
      tracesOf(engine.root).filter((line) => line.startsWith('process')),
      [],
      `process ${pid} runs on`,
    );
    assert.equal(await docker.out(['logs', 'alone']), 'hello');
    await docker.out(['start', 'alone']);
    assert.equal(await docker.out(['inspect', '-f', '{{.State.Status}}', 'alone']), 'running');
    await docker.out(['rm', '-f', 'alone']);
  });

  function monitorOf(name: string, id: string): number {
    const bundle = `/run/naru/${engineIdOf(engine.root)}/c/${id.slice(0, 12)}`;
    const pid = Number(readFileSync(join(bundle, 'conmon.pid'), 'utf8'));
    assert.ok(pid > 1, `${name} has no monitor`);
    return pid;
  }

  it("a RUN step's process: the build fails with 137 and leaves nothing", async () => {
    const build = buildFiles(
      engine,
      { Dockerfile: 'FROM busybox\nRUN echo begun; sleep 1001\n' },
      'killed-step',
    );
    const line = await until('its process', () =>
      tracesOf(engine.root).find(
        (trace) => trace.startsWith('process') && trace.includes('sleep 1001') && !trace.includes('crun'),
      ),
    );
    process.kill(Number(line.split(' ')[1]), 'SIGKILL');
    const { error } = await build;
    assert.match(error ?? '', /returned a non-zero code: 137/);
    assert.deepEqual(buildTracesOf(engine.root), []);
    assert.equal(await docker.out(['images', '-q', 'killed-step']), '');
  });

  it('the engine during a long command of a build: the next engine ends it', async () => {
    const build = buildFiles(engine, { Dockerfile: 'FROM busybox\nRUN sleep 1004\n' }, 'long');
    await until('its process', () => tracesOf(engine.root).some((line) => line.includes('sleep 1004')));
    await restart('SIGKILL');
    assert.notEqual((await build).error, undefined);
    assert.deepEqual(buildTracesOf(engine.root), []);
  });

  it('SIGTERM with builds under way: they are told, the engine ends in time and leaves nothing of them', async () => {
    const builds = ['one', 'two'].map((name) =>
      buildFiles(engine, { Dockerfile: `FROM busybox\nRUN echo ${name}; sleep 1002\n` }, name),
    );
    await until('both commands', () => {
      const traces = tracesOf(engine.root).filter(
        (line) => line.startsWith('process') && !line.includes('crun'),
      );
      return traces.filter((line) => line.includes('sleep 1002')).length >= 2;
    });
    const began = performance.now();
    await engine.kill('SIGTERM');
    assert.ok(performance.now() - began < 5000, 'it took more than 5 s');
    for (const { error } of await Promise.all(builds)) assert.match(error ?? '', /the build was cancelled/);
    assert.deepEqual(buildTracesOf(engine.root), []);
    assert.deepEqual(readStore(engine.root).openSnapshots, []);
    engine = await startEngine({ folder: engine.folder });
    assert.equal(await docker.out(['run', '--rm', 'busybox', 'echo', 'fine']), 'fine');
  });

  const moments = randomNumbers(process.env['NARU_TEST_SEED'] ?? 'victims');
  const N_ROUNDS = Number(process.env['NARU_TEST_KILLS'] ?? 2);

  /** Runs `work`, kills the engine after part of the time that `work` takes, and starts the next. */
  async function killDuring(work: () => Promise<CommandResult>, mostMs: number): Promise<CommandResult> {
    const running = work();
    await new Promise((resolve) => setTimeout(resolve, moments.next().value * mostMs)); // the moment is what is tested
    await engine.kill('SIGKILL');
    const result = await running;
    engine = await startEngine({ folder: engine.folder });
    return result;
  }

  for (let round = 1; round <= N_ROUNDS; round += 1) {
    it(`the engine during load (${round} of ${N_ROUNDS}): a tag is whole or absent, and the next load makes it`, async () => {
      const archive = await busyboxArchive();
      await docker.run(['rmi', '-f', 'busybox:musl', 'alpine:3.18', 'busybox:1.36', 'busybox:latest']);
      await killDuring(() => docker.run(['load', '-i', archive]), 250);
      for (const tag of (await docker.out(['images', '--format', '{{.Repository}}:{{.Tag}}'])).split('\n')) {
        if (tag.startsWith('busybox:'))
          assert.equal(await docker.out(['run', '--rm', tag, 'echo', 'whole']), 'whole');
      }
      assert.deepEqual(strays(), []);
      await docker.out(['load', '-i', archive]);
      assert.equal(await docker.out(['run', '--rm', 'busybox', 'echo', 'loaded']), 'loaded');
    });

    it(`the engine during commit (${round} of ${N_ROUNDS}): the image is whole or absent`, async () => {
      const fill = 'head -c 20000000 /dev/urandom > /data; sha256sum < /data > /sum';
      await docker.out(['run', '--name', 'source', 'busybox', 'sh', '-c', fill]);
      const { status } = await killDuring(() => docker.run(['commit', 'source', `made:${round}`]), 250);
      const found = (await docker.out(['images', '-q', `made:${round}`])) !== '';
      if (status === 0) assert.ok(found, 'an answered commit is there');
      const check = [
        'run',
        '--rm',
        `made:${round}`,
        'sh',
        '-c',
        'test "$(sha256sum < /data)" = "$(cat /sum)"',
      ];
      if (found) await docker.out(check);
      assert.deepEqual(strays(), []);
      await docker.out(['commit', 'source', `made:${round}`]);
      await docker.out(check);
      await docker.out(['rm', 'source']);
    });

    it(`the engine during create, start and rm (${round} of ${N_ROUNDS}): a container is whole or gone`, async () => {
      await killDuring(() => docker.run(['run', '-d', '--name', 'born', 'busybox', 'sleep', '1003']), 250);
      const { stdout } = await docker.run(['ps', '-a', '--filter', 'name=born', '--format', '{{.State}}']);
      const state = stdout.trim();
      assert.ok(['', 'created', 'running', 'exited'].includes(state), state);
      if (state !== '') {
        await killDuring(() => docker.run(['rm', '-f', 'born']), 120);
        await docker.run(['rm', '-f', 'born']);
      }
      await docker.out(['run', '--name', 'born', 'busybox', 'echo', 'new']);
      await docker.out(['rm', 'born']);
      assert.deepEqual(strays(), []);
      assert.equal(await docker.out(['ps', '-aq']), '');
      assert.deepEqual(
        tracesOf(engine.root).filter((line) => /^(mount|netns|process)/.test(line)),
        [],
      );
    });
  }

  it('a stale socket, lock and pid file of a dead engine are taken over; a living one is named', async () => {
    await restart('SIGKILL');
    await assert.rejects(
      startEngine({ folder: engine.folder }),
      /another engine \(pid \d+\) uses .*: stop it first|another engine \(pid \d+\) uses/,
    );
    assert.equal(await docker.out(['run', '--rm', 'busybox', 'echo', 'still here']), 'still here');
  });

  it('SIGTERM without containers: nothing of the engine is left', async () => {
    await docker.out(['run', '--rm', '-p', '127.0.0.1::80', 'busybox', 'true']);
    await docker.run(['network', 'create', 'own']);
    assert.ok(
      tracesOf(engine.root).length > 0,
      'an engine with a bridge leaves no trace: the test looks in the wrong place',
    );
    await engine.kill('SIGTERM');
    assert.deepEqual(tracesOf(engine.root), []);
    engine = await startEngine({ folder: engine.folder });
    await docker.out(['run', '--rm', '--network', 'own', 'busybox', 'true']);
    await docker.out(['network', 'rm', 'own']);
  });

  /** Directories of the snapshotter without a number, containers' directories without a record, files on their way into the store. */
  function strays(): readonly string[] {
    const snapshots = readdirSync(join(engine.root, 'snapshots')).filter((name) => !/^\d+$/.test(name));
    return [...snapshots, ...listed(join(engine.root, 'staging')), ...readStore(engine.root).openSnapshots];
  }
});

function listed(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return []; // not made yet
  }
}
