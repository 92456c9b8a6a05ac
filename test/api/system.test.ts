/** System endpoints and the HTTP floor. */

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { statSync } from 'node:fs';
import { text } from 'node:stream/consumers';

import { requireRoot } from '../support/skip.ts';
import { runTable } from '../support/api-table.ts';
import { onEachEngine } from '../support/each-engine.ts';
import { ask, startEngine } from '../support/engine.ts';

const CASES = [
  {
    ask: 'GET /_ping',
    status: 200,
    text: 'OK',
    headers: {
      'Api-Version': /^1\.\d+$/,
      'Docker-Experimental': 'false',
      OSType: 'linux',
      'Cache-Control': 'no-cache, no-store, must-revalidate',
      Pragma: 'no-cache',
      'Content-Type': 'text/plain; charset=utf-8',
    },
  },
  { ask: 'HEAD /_ping', status: 200, text: '', headers: { 'Api-Version': /^1\.\d+$/ } },
  { ask: 'GET /v1.24/_ping', status: 200, text: 'OK' },
  {
    ask: 'GET /v1.47/version',
    status: 200,
    has: { Os: 'linux', ApiVersion: /^1\.\d+$/, MinAPIVersion: '1.24' },
  },
  { ask: 'GET /nope', status: 404, message: 'page not found' },
  { ask: 'PUT /version', status: 404, message: 'page not found' },
  {
    ask: 'GET /v1.99/version',
    status: 400,
    message: /^client version 1\.99 is too new\. Maximum supported API version is 1\.\d+$/,
  },
  {
    ask: 'GET /v1.11/version',
    status: 400,
    message:
      'client version 1.11 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version',
    naruOnly: 'dockerd answers such old clients in plain text',
  },
  { ask: 'GET /info', status: 200, has: { OSType: 'linux', Swarm: { LocalNodeState: 'inactive' } } },
  { ask: 'POST /containers/create', send: '{', status: 400 },
  {
    ask: 'POST /containers/create',
    send: { HostConfig: { Memory: 'x' } },
    status: 400,
    message: /HostConfig\.Memory/,
  },
  { ask: 'GET /containers/json?filters=nope', status: 400, message: /invalid filter/ },
  { ask: 'GET /swarm', status: 503, message: /^This node is not a swarm manager/ },
  {
    ask: 'POST /session',
    status: 501,
    message: /DOCKER_BUILDKIT=0.*naru build/,
    naruOnly: 'dockerd has BuildKit',
  },
  {
    ask: 'POST /grpc',
    status: 501,
    message: /DOCKER_BUILDKIT=0.*naru build/,
    naruOnly: 'dockerd has BuildKit',
  },
  {
    ask: 'POST /images/create?fromImage=alpine&tag=latest',
    status: 501,
    message:
      /^pulling alpine from a registry is not implemented by this engine: bring the image in as an archive with load -i FILE/,
    naruOnly: 'dockerd asks Docker Hub',
  },
  {
    ask: 'GET /images/search?term=x',
    status: 501,
    message: /not implemented/,
    naruOnly: 'dockerd asks Docker Hub',
  },
];

describe('api: system', () => {
  onEachEngine(
    (engine) => {
      runTable(engine, CASES);
    },
    { isEmpty: true },
  );
});

describe('the engine process', () => {
  before(function () {
    requireRoot(this);
  });

  it('lets only its owner connect, and refuses a second engine on its root', async () => {
    const engine = await startEngine();
    try {
      assert.equal(statSync(engine.socketPath).mode & 0o777, 0o600);
      await assert.rejects(startEngine({ folder: engine.folder }), /another engine \(pid \d+\) uses/);
    } finally {
      await engine.stop();
    }
  });

  it('starts on the root and socket of an engine that was killed', async () => {
    const first = await startEngine();
    await first.kill('SIGKILL');
    const second = await startEngine({ folder: first.folder });
    try {
      assert.equal((await ask(second.socketPath, 'GET', '/_ping')).text, 'OK');
    } finally {
      await second.stop();
    }
  });

  it('answers an ordinary request that asks for an upgrade', async () => {
    const engine = await startEngine();
    try {
      const socket = connect(engine.socketPath);
      socket.write('POST /session HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
      assert.match(await text(socket), /^HTTP\/1\.1 501 .*BuildKit/s);
    } finally {
      await engine.stop();
    }
  });
});
