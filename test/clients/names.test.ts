/** What images and containers are called once a name has moved on, and what goes without being there. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { busyboxArchive } from '../../scripts/base-images.ts';
import { type DockerCli, dockerCli } from '../support/docker-cli.ts';
import { type EngineUnderTest, startEngine } from '../support/engine.ts';
import { runNaru } from '../support/naru-cli.ts';
import { requireRoot } from '../support/skip.ts';

describe('names', function () {
  this.timeout(60_000);
  let engine: EngineUnderTest;
  let docker: DockerCli;
  let folder = '';

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    docker = dockerCli(engine.host);
    folder = mkdtempSync(join(tmpdir(), 'naru-names-'));
    mkdirSync(join(folder, 'context'));
    await naru('load', '-i', await busyboxArchive());
  });
  after(async () => {
    await engine?.stop();
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  async function naru(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await runNaru(engine.host, args, { cwd: folder });
    assert.equal(status, 0, stderr);
    return stdout.trim();
  }

  async function build(dockerfile: string, ...args: string[]): Promise<string> {
    writeFileSync(join(folder, 'context/Dockerfile'), dockerfile);
    return naru('build', '-q', ...args, 'context');
  }

  for (const type of ['docker', 'oci']) {
    it(`are in an archive of type ${type}: those of -t, else those of name=`, async () => {
      const output = `type=${type},dest=out.tar,name=by-name-${type}:1`;
      const cases: readonly (readonly [flags: readonly string[], loaded: string])[] = [
        [['-o', output], `by-name-${type}:1`],
        [['-o', output, '-t', `by-t-${type}`], `by-t-${type}:latest`],
      ];
      for (const [flags, loaded] of cases) {
        await build(`FROM busybox\nENV T=${type}\n`, ...flags);
        // The archive is all that was asked for.
        assert.equal(await naru('images', '-q', loaded), '');
        assert.equal(await naru('load', '-i', 'out.tar'), `Loaded image: ${loaded}`);
      }
    });
  }

  it('give way to the ID in ps when they mean another image', async () => {
    const first = await build('FROM busybox\nENV N=1\n', '-t', 'moving');
    await naru('create', '--name', 'old', 'moving');
    assert.equal(await docker.out(['ps', '-a', '--format', '{{.Image}}']), 'moving');
    await build('FROM busybox\nENV N=2\n', '-t', 'moving');
    const shown = first.replace('sha256:', '').slice(0, 12);
    assert.equal(await docker.out(['ps', '-a', '--format', '{{.Image}}']), shown);
    assert.equal(await naru('ps', '-a', '--format', '{{.Image}}'), shown);
    await naru('rm', 'old');
  });

  it('of no container are enough for rm --force', async () => {
    const forced = await runNaru(engine.host, ['rm', '-f', 'nosuch']);
    assert.deepEqual([forced.status, forced.stdout], [0, '']);
    assert.match(forced.stderr, /No such container: nosuch/);
    assert.equal((await docker.run(['rm', '-f', 'nosuch'])).status, 0);
    assert.equal((await runNaru(engine.host, ['rm', 'nosuch'])).status, 1);
  });
});
