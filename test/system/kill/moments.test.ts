/**
 * kill -9 of the engine at random moments of a build, beside a container that runs and one that has ended.
 * NARU_TEST_SEED chooses other moments, NARU_TEST_KILLS how many. Needs root.
 */

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { busyboxArchive } from '../../../scripts/base-images.ts';
import { dockerCli, type DockerCli } from '../../support/docker-cli.ts';
import { buildTracesOf, tracesOf } from '../../support/engine-traces.ts';
import { startEngine } from '../../support/engine.ts';
import { requireRoot } from '../../support/skip.ts';
import { until } from '../../support/until.ts';
import { buildFiles, randomNumbers, readStore, type KillableEngine } from './killed-engine.ts';

const SEED = process.env['NARU_TEST_SEED'] ?? 'naru';
const N_KILLS = Number(process.env['NARU_TEST_KILLS'] ?? 10);
/** A build takes about this long here; a moment may also fall after its end. */
const BUILD_MS = 900;

describe('kill -9 of the engine during a build', function () {
  this.timeout(60_000);
  let engine: KillableEngine;
  let docker: DockerCli;
  let pid = '';
  let startedAt = '';

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    docker = dockerCli(engine.host);
    await docker.out(['load', '-i', await busyboxArchive()]);
    const count = 'n=0; while :; do n=$((n+1)); echo line $n; sleep 0.05; done';
    await docker.out(['run', '-d', '--name', 'runs', '-p', '127.0.0.1::80', 'busybox', 'sh', '-c', count]);
    await docker.run(['run', '--name', 'ended', 'busybox', 'sh', '-c', 'echo out; echo err >&2; exit 7']);
    pid = await docker.out(['inspect', '-f', '{{.State.Pid}}', 'runs']);
    startedAt = await docker.out(['inspect', '-f', '{{.State.StartedAt}}', 'runs']);
  });
  after(async () => {
    const root = engine?.root;
    docker?.close();
    if (root !== undefined) {
      await docker.run(['rm', '-f', 'runs', 'ended']);
      await engine.kill('SIGTERM');
      const left = tracesOf(root);
      await engine.stop();
      assert.deepEqual(left, [], 'a stopped engine without containers leaves nothing');
    }
  });

  async function checkContainers(): Promise<void> {
    assert.equal(
      await docker.out(['inspect', '-f', '{{.State.Pid}} {{.State.StartedAt}}', 'runs']),
      `${pid} ${startedAt}`,
    );
    assert.equal(
      await docker.out(['inspect', '-f', '{{.State.Status}} {{.State.ExitCode}}', 'ended']),
      'exited 7',
    );
    const ended = await docker.run(['logs', 'ended']);
    assert.deepEqual([ended.stdout, ended.stderr], ['out\n', 'err\n']);
    const lines = (await docker.out(['logs', 'runs'])).split('\n');
    assert.deepEqual(
      lines,
      lines.map((_, index) => `line ${index + 1}`),
      'a line of the log is missing',
    );
    await until('the log goes on', async () => {
      const last = await docker.out(['logs', '--tail', '1', 'runs']);
      return Number(last.split(' ')[1]) > lines.length;
    });
  }

  const moments = randomNumbers(SEED);
  for (let round = 1; round <= N_KILLS; round += 1) {
    const atMs = Math.round(moments.next().value * BUILD_MS);
    it(`after ${atMs} ms (${round} of ${N_KILLS}, seed ${SEED})`, async () => {
      const files = project(round);
      const build = buildFiles(engine, files, `kill:${round}`);
      await delay(atMs); // the moment itself is what is tested
      await engine.kill('SIGKILL');
      await build;
      const finished = readStore(engine.root).finishedSteps.filter((text) => text.includes(`round-${round}`));

      engine = await startEngine({ folder: engine.folder });
      assert.deepEqual(buildTracesOf(engine.root), []);
      assert.deepEqual(readStore(engine.root).openSnapshots, []);
      assert.deepEqual(strayDirectories(engine.root), []);
      await checkContainers();

      const again = await buildFiles(engine, files, `kill:${round}`);
      assert.equal(again.error, undefined);
      assert.deepEqual(
        finished.filter((step) => !again.cached.includes(step)),
        [],
        `finished steps ran again; cached were ${JSON.stringify(again.cached)}`,
      );
      const shown = 'cat /one /two /three /other; sha256sum < /big; ls /';
      const { stdout } = await docker.run(['run', '--rm', `kill:${round}`, 'sh', '-c', shown]);
      assert.equal(stdout.split(' -')[0], await expected(round));
      assert.deepEqual(buildTracesOf(engine.root), []);
    });
  }

  /** The same files made by one container, without a build. */
  async function expected(round: number): Promise<string> {
    const script = `echo one ${round}; echo two; echo three; echo other; head -c 3000000 /dev/zero | sha256sum`;
    return (await docker.out(['run', '--rm', 'busybox', 'sh', '-c', script])).split(' -')[0] ?? '';
  }
});

/** Two stages beside each other, commands of different lengths, a large file; every line names its round, so that no other round's cache serves it. */
function project(round: number): Readonly<Record<string, string>> {
  const tag = `: round-${round};`;
  return {
    Dockerfile: [
      'FROM busybox AS other',
      `RUN ${tag} sleep 0.3; echo other > /other`,
      `RUN ${tag} head -c 3000000 /dev/zero > /big`,
      'FROM busybox',
      `RUN ${tag} echo one ${round} > /one; sleep 0.2`,
      `COPY two /two`,
      `RUN ${tag} rm -f /nothing; sleep 0.2; echo three > /three`,
      `RUN ${tag} (sleep 100 & ) ; sleep 0.2`,
      'COPY --from=other /other /big /',
      `RUN ${tag} test -e /big`,
      '',
    ].join('\n'),
    two: 'two\n',
  };
}

/** Directories of the snapshotter that have no number, and files on their way into the store. */
function strayDirectories(root: string): readonly string[] {
  const names = readdirSync(join(root, 'snapshots')).filter((name) => !/^\d+$/.test(name));
  const staging = join(root, 'staging');
  return [...names, ...(existsSync(staging) ? readdirSync(staging) : [])];
}
