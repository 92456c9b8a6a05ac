/** Leaves loopback, as real-projects.test.ts does and no other test: a project whose packages come from Debian's archive, from inside the container, driven by docker's CLI. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { debianArchive } from '../../scripts/base-images.ts';
import { dockerCli, type DockerCli } from '../support/docker-cli.ts';
import { engineForClients, type EngineUnderTest } from '../support/engine.ts';
import { requireRoot } from '../support/skip.ts';
import { until } from '../support/until.ts';

const DOCKERFILE = `FROM ubuntu:20.04
RUN apt-get update && apt-get install -y nodejs
COPY . /app
WORKDIR /app
CMD ["node","index.js"]
`;
const SERVER = `require('http').createServer((request, response) => {
  console.log('asked for ' + request.url);
  response.end('hello from node');
}).listen(3000);
process.on('SIGTERM', () => process.exit(0));
`;

describe('a project that installs packages', function () {
  this.timeout(300_000);
  let engine: EngineUnderTest;
  let docker: DockerCli;
  let project: string;

  before(async function () {
    requireRoot(this);
    engine = await engineForClients();
    docker = dockerCli(engine.host);
    project = mkdtempSync(join(tmpdir(), 'naru-apt-'));
    writeFileSync(join(project, 'Dockerfile'), DOCKERFILE);
    writeFileSync(join(project, 'index.js'), SERVER);
    await docker.out(['load', '-q', '-i', await debianArchive()], { timeoutMs: 120_000 });
  });
  after(async () => {
    docker?.close();
    await engine?.stop();
    if (project) rmSync(project, { recursive: true, force: true });
  });

  it('builds, runs, answers, logs, execs, stops and goes', async () => {
    await docker.out(['build', '-t', 'app', project], { timeoutMs: 240_000 });
    const id = await docker.out(['run', '-d', '-p', '127.0.0.1::3000', 'app']);
    const address = (await docker.out(['port', id, '3000'])).split('\n')[0] ?? '';
    const page = await until('the server answers', async () => {
      const response = await fetch(`http://${address}/x`).catch(() => undefined);
      return response?.text();
    });
    assert.equal(page, 'hello from node');
    assert.equal(await docker.out(['logs', id]), 'asked for /x');
    assert.match(await docker.out(['exec', id, 'node', '--version']), /^v\d+\./);
    await docker.out(['stop', id]);
    assert.equal(await docker.out(['inspect', '-f', '{{.State.ExitCode}}', id]), '0');
    await docker.out(['rm', id]);
  });

  it('builds it again from the cache', async () => {
    const { stdout } = await docker.run(['build', '-t', 'app', project]);
    assert.equal(stdout.match(/Using cache/g)?.length, 3);
  });
});
