/** A full disk under the engine's root: a sentence that says so, nothing half-made, and an engine that goes on once there is space. Needs root. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { mountPointsBelow, unmountIfMounted } from '../../runtime/host/overlay-mount.ts';
import { execStatus } from '../../runtime/host/exec.ts';
import { busyboxArchive } from '../../scripts/base-images.ts';
import { dockerCli, type DockerCli } from '../support/docker-cli.ts';
import { startEngine } from '../support/engine.ts';
import { runNaru } from '../support/naru-cli.ts';
import { requireRoot } from '../support/skip.ts';

describe('a full disk', function () {
  this.timeout(60_000);
  let folder = '';
  let engine: Awaited<ReturnType<typeof startEngine>>;
  let docker: DockerCli;

  before(async function () {
    requireRoot(this);
    folder = mkdtempSync(join(tmpdir(), 'naru-full-'));
    const { exitCode } = await execStatus(['mount', '-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder]);
    assert.equal(exitCode, 0);
    mkdirSync(join(folder, 'engine'));
    engine = await startEngine({ folder: join(folder, 'engine') });
    docker = dockerCli(engine.host);
    await docker.out(['load', '-i', await busyboxArchive()]);
  });
  after(async () => {
    docker?.close();
    await engine?.stop();
    for (const point of mountPointsBelow(folder)) unmountIfMounted(point);
    if (folder === '') return;
    unmountIfMounted(folder);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Fills the disk for as long as `work` takes, but for a few kilobytes the database needs. */
  async function whileFull(work: () => Promise<void>): Promise<void> {
    const filler = join(folder, 'filler');
    let size = 24 * 1024 * 1024;
    for (; size > 0; size -= 128 * 1024) {
      try {
        writeFileSync(filler, Buffer.alloc(size));
        break;
      } catch {
        rmSync(filler, { force: true });
      }
    }
    writeFileSync(filler, Buffer.alloc(Math.max(0, size - 512 * 1024)));
    try {
      await work();
    } finally {
      rmSync(filler, { force: true });
    }
  }

  function strays(): readonly string[] {
    return readdirSync(join(engine.root, 'snapshots')).filter((name) => !/^\d+$/.test(name));
  }

  it('a build that needs more fails at its line, and the next one goes on', async () => {
    const dockerfile = 'FROM busybox\nRUN head -c 4000000 /dev/zero > /big\n';
    await whileFull(async () => {
      const { status, stdout, stderr } = await docker.run(['build', '-t', 'big', '-'], { input: dockerfile });
      assert.notEqual(status, 0);
      // The command itself hits the wall; what it prints about it is its own.
      assert.match(stdout + stderr, /no space left on device|I\/O error|returned a non-zero code: 1/i);
      assert.doesNotMatch(stderr, /\n +at |rollback/);
    });
    assert.deepEqual(strays(), []);
    await docker.out(['build', '-t', 'big', '-'], { input: dockerfile });
    assert.equal(await docker.out(['run', '--rm', 'big', 'sh', '-c', 'wc -c < /big']), '4000000');
    await docker.out(['rmi', '-f', 'big']);
  });

  it('a copy that needs more says so at its line, and what to do', async () => {
    const project = mkdtempSync(join(tmpdir(), 'naru-full-project-'));
    writeFileSync(join(project, 'big'), Buffer.alloc(3_000_000, 'x'));
    writeFileSync(join(project, 'Dockerfile'), 'FROM busybox\nCOPY --chown=7 big /big\n');
    try {
      // The context is sent while there is space.
      const first = await runNaru(engine.host, ['build', '-t', 'copied', project]);
      assert.equal(first.status, 0, first.stderr);
      await whileFull(async () => {
        // Another owner is another file.
        const input = 'FROM busybox\nCOPY --chown=8 big /big\n';
        const { status, stderr } = await runNaru(engine.host, ['build', '-f', '-', project], { input });
        assert.equal(status, 1);
        const said = stderr.slice(stderr.indexOf('naru: '));
        assert.match(
          said,
          /^naru: -:2:1: no space left on device\n +free some space on the file system of the engine's root: naru system df shows .*\n$/,
        );
      });
      const sent = await whileFullSend(project);
      assert.match(sent, /no space left on device/);
      assert.doesNotMatch(sent, /\n +at |ENOSPC/);
      await docker.out(['rmi', '-f', 'copied']);
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
    assert.deepEqual(strays(), []);
  });

  /** What is said of a context that does not fit. */
  async function whileFullSend(project: string): Promise<string> {
    writeFileSync(join(project, 'other'), Buffer.alloc(4_000_000, 'y'));
    let said = '';
    await whileFull(async () => {
      const { status, stderr } = await runNaru(engine.host, ['build', '-f', '-', project], {
        input: 'FROM busybox\nCOPY . /all\n',
      });
      assert.equal(status, 1);
      said = stderr;
    });
    return said;
  }

  it('load and cp say so and leave nothing', async () => {
    await docker.out(['create', '--name', 'box', 'busybox']);
    const archive = await busyboxArchive();
    await whileFull(async () => {
      for (const args of [
        ['load', '-i', archive],
        ['import', archive],
        ['cp', archive, 'box:/x'],
      ]) {
        const { status, stderr } = await docker.run(args);
        assert.notEqual(status, 0, args[0]);
        assert.match(stderr, /no space left on device/i);
        assert.doesNotMatch(stderr, /\n +at |bug/);
      }
    });
    assert.deepEqual(strays(), []);
    assert.equal(await docker.out(['run', '--rm', 'busybox', 'echo', 'goes on']), 'goes on');
  });
});
