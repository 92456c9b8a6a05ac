/** Requests no client of good will sends, at every endpoint: an answer below 500 and no bug in the log. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ENDPOINTS } from '../../runtime/api/endpoints.ts';
import { busyboxArchive } from '../../scripts/base-images.ts';
import { runTable, type ApiCase } from '../support/api-table.ts';
import { dockerCli } from '../support/docker-cli.ts';
import { ask, startEngine, type EngineUnderTest } from '../support/engine.ts';
import { requireRoot } from '../support/skip.ts';

const BODIES = [
  '{',
  '[]',
  '"x"',
  '{"Image":5,"Cmd":{"a":1},"HostConfig":"x","Labels":[1],"Env":{"A":1},"Name":[],"Container":{},"IPAM":3,"options":7,"dockerfile":1,"vertices":{}}',
  '{"Image":"busybox","HostConfig":{"Memory":"lots","PortBindings":{"80":[{"HostPort":[1]}]},"Binds":[5],"Mounts":[{"Type":9}],"CapAdd":"x"}}',
  '{"Image":"busybox","HostConfig":{"PortBindings":{"x/y":[{"HostPort":"-4"}]}},"Name":"x/../y"}',
  '{"Image":"busybox","Cmd":["a\\u0000"],"Name":"n\\u0000"}',
];
const QUERIES = [
  '?filters={',
  '?filters=[1]',
  '?filters={"label":5}',
  '?limit=x&all=maybe&since=zz&tail=x&size=q&path=/etc/../..',
  '?since=99999999999999999999&until=-1&stdout=1&path=/etc',
  '?path=%00',
];

const CASES: readonly ApiCase[] = [
  { ask: 'GET //', status: 404, message: 'page not found' },
  { ask: 'GET /%zz', status: 404, message: 'page not found' },
  { ask: 'GET /containers/%00/json', status: 400, message: 'the URL holds a NUL character' },
  { ask: 'GET /v9.99/info', status: 400, message: /^client version 9.99 is too new/ },
  {
    ask: 'POST /containers/create',
    send: `{"Image":"${'x'.repeat(5_000_000)}"}`,
    status: 400,
    message: 'request body is larger than 4194304 bytes',
  },
  {
    ask: 'POST /containers/create',
    send: '{"Image":',
    status: 400,
    message: /^invalid JSON in request body/,
  },
  { ask: 'POST /containers/create', send: { Image: 5 }, status: 400, message: /Image/ },
  {
    ask: 'POST /containers/create',
    send: '{"Image":"busybox","Cmd":["\\u0000"]}',
    status: 400,
    message: /NUL/,
  },
  {
    ask: 'POST /volumes/create',
    send: { Name: 'v'.repeat(300) },
    status: 400,
    message: /at most 255 characters/,
  },
  {
    ask: 'GET /containers/box/logs?stdout=1&since=99999999999999999999',
    status: 400,
    message: /is not a time$/,
  },
  { ask: 'POST /build?buildargs=[5]', send: '', status: 400, message: 'invalid value for buildargs' },
];

describe('bad requests', function () {
  this.timeout(60_000);
  let engine: EngineUnderTest;

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    const docker = dockerCli(engine.host);
    await docker.out(['load', '-i', await busyboxArchive()]);
    await docker.out(['create', '--name', 'box', 'busybox', 'true']);
    docker.close();
  });
  after(async () => {
    await engine?.stop();
  });

  runTable(() => engine, CASES);

  for (const { method, path } of ENDPOINTS) {
    const isQuestion = method === 'GET' || method === 'HEAD';
    if (path === '/events' || path === '/build') continue; // one never ends, the other has its own test
    it(`${method} ${path}`, async () => {
      // What acts must not act on the container: the next endpoints ask for it.
      const name = isQuestion ? 'box' : 'nope';
      const at = path.replace(/\{(?:id|name)\*?\}/, name).replaceAll(/\{[^}]+\}/g, 'zz');
      for (const junk of isQuestion ? QUERIES : BODIES) {
        const reply = await (isQuestion
          ? ask(engine.socketPath, method, at + junk)
          : ask(engine.socketPath, method, at, junk));
        assert.ok(
          reply.status < 500 || [501, 503].includes(reply.status),
          `${junk}: ${reply.status} ${reply.text}`,
        );
      }
    });
  }

  it('none of them counted as a bug of the engine', () => {
    const log = readFileSync(join(engine.root, 'engine.log'), 'utf8');
    assert.deepEqual(
      log.split('\n').filter((line) => / warn /.test(line)),
      [],
    );
  });
});
