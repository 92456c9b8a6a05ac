/** A disk under the engine's root with no byte left: the engine goes on, starts, and does what frees space. Needs root. */

import assert from 'node:assert/strict';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execStatus } from '../../runtime/host/exec.ts';
import { mountPointsBelow, unmountIfMounted } from '../../runtime/host/overlay-mount.ts';
import { busyboxArchive } from '../../scripts/base-images.ts';
import { startEngine } from '../support/engine.ts';
import { runNaru } from '../support/naru-cli.ts';
import { requireRoot } from '../support/skip.ts';

describe('a disk with no byte left', function () {
  this.timeout(60_000);
  let folder = '';
  let engine: Awaited<ReturnType<typeof startEngine>>;

  before(async function () {
    requireRoot(this);
    folder = mkdtempSync(join(tmpdir(), 'naru-none-left-'));
    const { exitCode } = await execStatus(['mount', '-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', folder]);
    assert.equal(exitCode, 0);
    mkdirSync(join(folder, 'engine'));
    engine = await startEngine({ folder: join(folder, 'engine') });
    await ok('load', '-i', await busyboxArchive());
    await ok('create', '--name', 'old', 'busybox', 'true');
    await ok('run', '-d', '--name', 'runs', 'busybox', 'sleep', '1000');
  });
  after(async () => {
    rmSync(join(folder, 'filler'), { force: true });
    await engine?.stop();
    if (folder === '') return;
    for (const point of mountPointsBelow(folder)) unmountIfMounted(point);
    unmountIfMounted(folder);
    rmSync(folder, { recursive: true, force: true });
  });

  async function ok(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await runNaru(engine.host, args);
    assert.equal(status, 0, `${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  }

  function fill(): void {
    const file = openSync(join(folder, 'filler'), 'a');
    const zeros = Buffer.alloc(4096);
    try {
      for (;;) writeSync(file, zeros);
    } catch {
      closeSync(file); // no space left
    }
  }

  it('what a container writes ends with an error of its own, and the engine goes on', async () => {
    const dd = ['run', '--name', 'dd', 'busybox', 'dd', 'if=/dev/zero', 'of=/x', 'bs=1M', 'count=300'];
    const { status, stderr } = await runNaru(engine.host, dd);
    assert.equal(status, 1);
    assert.match(stderr, /No space left on device/);
    fill();
    assert.equal(
      await ok('ps', '-a', '--format', '{{.Names}} {{.State}}'),
      'dd exited\nruns running\nold created',
    );
  });

  it('what needs space says so, and takes nothing away from what comes later', async () => {
    const { status, stderr } = await runNaru(engine.host, ['run', '--rm', 'busybox', 'true']);
    assert.equal(status, 125);
    assert.match(stderr, /^naru: no space left on device: free some space /);
  });

  it('an engine that was killed, or ended, starts there', async () => {
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      await engine.kill(signal);
      fill();
      engine = await startEngine({ folder: engine.folder });
      assert.equal(await ok('ps', '-q', '--filter', 'name=runs', '--format', '{{.State}}'), 'running');
    }
  });

  it('hundreds of changes find room', async () => {
    for (let nth = 0; nth < 300; nth += 1)
      await ok('rename', nth % 2 === 0 ? 'old' : 'new', nth % 2 === 0 ? 'new' : 'old');
  });

  it('stop, rm and prune free the space, and then it goes on', async () => {
    await ok('stop', '-t', '0', 'runs');
    await ok('rm', 'dd');
    fill();
    await ok('system', 'prune', '-f');
    assert.equal(await ok('ps', '-aq'), '');
    rmSync(join(folder, 'filler'));
    assert.equal(await ok('run', '--rm', 'busybox', 'echo', 'goes on'), 'goes on');
    assert.ok(existsSync(join(engine.root, 'metadata.sqlite-wal')));
  });
});
