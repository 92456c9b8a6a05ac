/** Clients that are not Docker's command line: docker-py and docker-compose, as Debian packages them. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { busyboxArchive } from '../../scripts/base-images.ts';
import { runCliTable, type CliCase } from '../support/cli-table.ts';
import { dockerCli, type DockerCli } from '../support/docker-cli.ts';
import { engineForClients, type EngineUnderTest } from '../support/engine.ts';
import { requireRoot, skipBecause } from '../support/skip.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const COMPOSE = `docker-compose -p narucompose -f ${join(FIXTURES, 'compose.yml')}`;

const STACK: readonly CliCase[] = [
  { shell: `${COMPOSE} up -d` },
  {
    name: 'the published port answers',
    shell: `for n in 1 2 3 4 5 6 7 8; do curl -s -m 5 http://$(${COMPOSE} port web 80)/ && break; done`,
    out: 'compose',
  },
  { name: 'services find each other', shell: `until ${COMPOSE} logs client | grep -q compose; do :; done` },
  { shell: `until ${COMPOSE} ps | grep -q healthy; do :; done` },
  { shell: `${COMPOSE} exec -T web cat /w/index.html`, out: 'compose' },
  { shell: `${COMPOSE} up -d --scale client=2` },
  { shell: `docker ps -q --filter label=com.docker.compose.service=client | wc -l`, out: '2' },
  { shell: `${COMPOSE} down -v` },
  { shell: `docker ps -aq; docker volume ls -q; docker network ls -q --filter type=custom`, out: '' },
];

describe('other clients', function () {
  this.timeout(60_000);
  let engine: EngineUnderTest;
  let docker: DockerCli;
  before(async function () {
    requireRoot(this);
    engine = await engineForClients();
    docker = dockerCli(engine.host);
    await docker.out(['load', '-i', await busyboxArchive()]);
  });
  after(async () => {
    docker?.close();
    await engine?.stop();
  });

  it('docker-py', async function () {
    this.timeout(40_000);
    if (spawnSync('python3', ['-c', 'import docker']).status !== 0) skipBecause(this, 'needs python3-docker');
    const result = await docker.shell(`timeout 30 python3 ${join(FIXTURES, 'everyday.py')}`);
    assert.deepEqual(result, { status: 0, stdout: 'ok\n', stderr: '' });
  });

  describe('docker-compose', () => {
    before(function () {
      if (spawnSync('docker-compose', ['version']).status !== 0) skipBecause(this, 'needs docker-compose');
    });
    runCliTable(() => docker, STACK);
  });
});
