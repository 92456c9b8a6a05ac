/** What an engine leaves in its root when it ends, and when it could not begin. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { busyboxArchive } from '../../scripts/base-images.ts';
import { startEngine } from '../support/engine.ts';
import { startNaru, runNaru } from '../support/naru-cli.ts';
import { requireRoot } from '../support/skip.ts';
import { until } from '../support/until.ts';

const MAIN = join(import.meta.dirname, '../../runtime/main.ts');

describe('an engine that ends', function () {
  this.timeout(60_000);
  let folder = '';

  before(function () {
    requireRoot(this);
    folder = mkdtempSync(join(tmpdir(), 'naru-ends-'));
  });
  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  it('takes its pid back', async () => {
    const engine = await startEngine();
    try {
      const file = join(engine.root, 'engine.pid');
      assert.equal(readFileSync(file, 'utf8'), `${engine.pid}\n`);
      await engine.kill('SIGTERM');
      assert.equal(existsSync(file), false);
    } finally {
      await engine.stop();
    }
  });

  it('is what its builds say they ended with', async () => {
    const engine = await startEngine();
    try {
      await runNaru(engine.host, ['load', '-q', '-i', await busyboxArchive()]);
      const context = join(folder, 'context');
      mkdirSync(context);
      writeFileSync(join(context, 'Dockerfile'), 'FROM busybox\nRUN echo begun; sleep 60\n');
      const build = startNaru(engine.host, ['build', context]);
      await until('its output', () => build.stderr().includes('  begun'), 30_000);
      await engine.kill('SIGTERM');
      const { status, stderr } = await build.result;
      assert.match(
        stderr,
        /\nnaru: the engine was stopped, or replaced by another version, while it built\n {6}build again: finished steps are kept/,
      );
      assert.equal(status, 1);
    } finally {
      await engine.stop();
    }
  });

  it('leaves nothing but its lock when it cannot listen', async () => {
    const engine = await startEngine();
    try {
      const root = join(folder, 'second');
      for (const [listen, message] of [
        [engine.socketPath, /^engine: another process answers on /],
        ['/proc/naru-none/socket', /^engine: cannot make \/proc\/naru-none: /],
        [join(folder, 'x'.repeat(120)), /^engine: the path of the socket has \d+ bytes/],
      ] as const) {
        const { status, stderr } = spawnSync(
          process.execPath,
          [MAIN, '--root', root, '--listen', `unix://${listen}`],
          {
            encoding: 'utf8',
          },
        );
        assert.notEqual(status, 0);
        assert.match(stderr, message);
        const left = readdirSync(root).filter((name) => !name.startsWith('engine.lock'));
        assert.deepEqual(left, []);
      }
    } finally {
      await engine.stop();
    }
  });
});
