/** Containers and what they serve while the engine is stopped, killed and started again. */

import assert from 'node:assert/strict';

import { busyboxArchive } from '../../scripts/base-images.ts';
import { dockerCli, type DockerCli } from '../support/docker-cli.ts';
import { startEngine } from '../support/engine.ts';
import { requireRoot } from '../support/skip.ts';
import { until } from '../support/until.ts';

describe('engine restart', function () {
  this.timeout(60_000);
  let engine: Awaited<ReturnType<typeof startEngine>>;
  let docker: DockerCli;

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    docker = dockerCli(engine.host);
    await docker.out(['load', '-i', await busyboxArchive()]);
    const serve = 'mkdir /w; echo alive > /w/index.html; exec httpd -f -p 80 -h /w';
    await docker.out(['run', '-d', '--name', 'web', '-p', '127.0.0.1::80', 'busybox', 'sh', '-c', serve]);
    const wait = 'until [ -e /go ]; do sleep 0.1; done; echo gone; exit 7';
    await docker.out(['run', '-d', '--name', 'ends', 'busybox', 'sh', '-c', wait]);
    await docker.out(['run', '-d', '--name', 'again', '--restart', 'always', 'busybox', 'sleep', '1000']);
  });
  after(async () => {
    docker?.close();
    await engine?.stop();
  });

  async function served(address: string): Promise<boolean> {
    const { stdout } = await docker.shell(`curl -s -m 2 http://${address}/`);
    return stdout === 'alive\n';
  }

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`${signal}: a published port keeps answering, and everything is there afterwards`, async () => {
      const address = await docker.out(['port', 'web', '80']);
      const before = await docker.out(['ps', '--format', '{{.ID}} {{.Names}} {{.Ports}}']);
      await until('the page', () => served(address));
      await engine.kill(signal);
      assert.ok(await served(address), 'nothing answers while no engine is there');
      engine = await startEngine({ folder: engine.folder });
      assert.equal(await docker.out(['ps', '--format', '{{.ID}} {{.Names}} {{.Ports}}']), before);
      assert.ok(await served(address), 'nothing answers after the restart');
      assert.equal(await docker.out(['exec', 'web', 'cat', '/w/index.html']), 'alive');
      assert.equal(await docker.out(['run', '--rm', 'busybox', 'echo', 'new']), 'new');
    });
  }

  it('a container that ends while no engine is there has its exit code and its log', async () => {
    const pid = await docker.out(['inspect', '-f', '{{.State.Pid}}', 'ends']);
    await engine.kill('SIGKILL');
    await docker.shell(`touch /proc/${pid}/root/go`);
    await until('its end', async () => (await docker.shell(`test -d /proc/${pid}`)).status !== 0);
    engine = await startEngine({ folder: engine.folder });
    assert.equal(await docker.out(['wait', 'ends']), '7');
    assert.equal(await docker.out(['logs', 'ends']), 'gone');
  });

  it('--rm removes one that was never started, and what --rm does not name stays', async () => {
    await docker.out(['create', '--rm', '--name', 'goes', 'busybox', 'true']);
    await docker.out(['create', '--name', 'stays', 'busybox', 'true']);
    await engine.kill('SIGKILL');
    engine = await startEngine({ folder: engine.folder });
    assert.equal(
      await docker.out(['ps', '-a', '--filter', 'status=created', '--format', '{{.Names}}']),
      'stays',
    );
  });

  it('a policy restarts what ended while no engine was there', async () => {
    const pid = await docker.out(['inspect', '-f', '{{.State.Pid}}', 'again']);
    await engine.kill('SIGTERM');
    await docker.shell(`kill -9 ${pid}`);
    await until('its end', async () => (await docker.shell(`test -d /proc/${pid}`)).status !== 0);
    engine = await startEngine({ folder: engine.folder });
    await until('the restart', async () => {
      const now = await docker.out(['inspect', '-f', '{{.State.Running}} {{.State.Pid}}', 'again']);
      return now.startsWith('true ') && !now.endsWith(` ${pid}`);
    });
  });
});
