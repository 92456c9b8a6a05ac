/** What an engine does not take over from whoever started it: a client in some directory, a script on a host. Needs root. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { busyboxArchive } from '../../scripts/base-images.ts';
import { dockerCli, type DockerCli } from '../support/docker-cli.ts';
import { startEngine } from '../support/engine.ts';
import { runNaru } from '../support/naru-cli.ts';
import { requireRoot } from '../support/skip.ts';

describe('an engine that was started from a folder that is gone, by a careful shell', function () {
  this.timeout(60_000);
  let folder = '';
  let engine: Awaited<ReturnType<typeof startEngine>>;
  let docker: DockerCli;

  before(async function () {
    requireRoot(this);
    folder = mkdtempSync(join(tmpdir(), 'naru-around-'));
    const cwd = join(folder, 'gone');
    mkdirSync(cwd);
    engine = await startEngine({ cwd, umask: '077' });
    rmSync(cwd, { recursive: true });
    docker = dockerCli(engine.host);
    await docker.out(['load', '-i', await busyboxArchive()]);
  });
  after(async () => {
    docker?.close();
    await engine?.stop();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  it('builds', async () => {
    const args = ['build', '-q', '-t', 'around', '-f', '-', folder];
    const { status, stderr } = await runNaru(engine.host, args, { input: 'FROM busybox\nRUN echo a > /a\n' });
    assert.equal(status, 0, stderr);
  });

  it('keeps what containers are started with to itself', async () => {
    await docker.out(['run', '-d', '--name', 'secret', '-e', 'P=hunter2', 'busybox', 'sleep', '100']);
    await docker.out(['exec', '-d', 'secret', 'sleep', '99']);
    const open = readdirSync('/run/naru', { recursive: true, withFileTypes: true, encoding: 'utf8' })
      .filter((entry) => entry.isFile() && /^(?:config|process)\.json$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => readFileSync(path, 'utf8').includes('P=hunter2'));
    assert.ok(open.length >= 1);
    assert.deepEqual(
      open.filter((path) => (statSync(path).mode & 0o077) !== 0),
      [],
    );
    await docker.out(['rm', '-f', 'secret']);
  });

  it('makes directories that every user of a container can use', async () => {
    const bind = join(folder, 'made');
    const mounts = ['-v', 'made:/volume', '-v', `${bind}:/bind`, '-w', '/work'];
    const said = await docker.out([
      'run',
      '--rm',
      ...mounts,
      'busybox',
      'stat',
      '-c',
      '%a',
      '/volume',
      '/bind',
      '/work',
    ]);
    assert.deepEqual(said.trim().split('\n'), ['755', '755', '755']);
    await docker.out(['run', '--rm', '-u', '1000', ...mounts, 'busybox', 'ls', '/volume', '/bind', '/work']);
  });
});
