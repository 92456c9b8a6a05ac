/** Clients that leave while the engine works for them, and starts that fail while somebody waits. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';

import { busyboxArchive } from '../../scripts/base-images.ts';
import { dockerCli, type DockerCli } from '../support/docker-cli.ts';
import { buildTracesOf } from '../support/engine-traces.ts';
import { startEngine, type EngineUnderTest } from '../support/engine.ts';
import { requireRoot } from '../support/skip.ts';
import { until } from '../support/until.ts';

describe('clients that leave', function () {
  this.timeout(30_000);
  let engine: EngineUnderTest;
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

  it('a wait that is given up is no error of the engine', async () => {
    await docker.out(['run', '-d', '--name', 'waited', 'busybox', 'sleep', '100']);
    await new Promise<void>((resolve, reject) => {
      const sent = request({
        socketPath: engine.socketPath,
        method: 'POST',
        path: '/containers/waited/wait',
      });
      sent.once('error', reject);
      sent.once('response', (response) => {
        response.once('error', () => undefined);
        response.destroy();
        resolve();
      });
      sent.end();
    });
    const log = (): string => readFileSync(join(engine.root, 'engine.log'), 'utf8');
    await until('its line in the log', () => log().includes('/containers/waited/wait'));
    assert.match(log(), /\/containers\/waited\/wait: the client left/);
    assert.doesNotMatch(log(), /AbortError|\bat .*\.ts:\d+/);
  });

  it('docker run prints a failed start once, and ends with its code', async () => {
    const { status, stderr } = await docker.run(['run', 'busybox', '/no/such']);
    assert.equal(status, 127);
    assert.doesNotMatch(stderr, /waiting for container/i);
    assert.equal(stderr.match(/no such file or directory/g)?.length, 1, stderr);
  });

  it('a build that is left stops, and leaves nothing', async () => {
    await docker.shell('printf "FROM busybox\\nRUN sleep 100\\n" | timeout -s INT 2 docker build -');
    await until('the end of its command', () => buildTracesOf(engine.root).length === 0);
  });
});
