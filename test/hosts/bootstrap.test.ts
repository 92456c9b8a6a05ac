import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';

import { bootstrapSshEngine, type SshEngine } from '../../client/driver/ssh/bootstrap.ts';
import type { SshPrompts } from '../../client/driver/ssh/prompts.ts';
import { requireRoot } from '../support/skip.ts';
import { startSshHost, type SshHost, trustHost } from '../support/ssh-host.ts';

const DIST = join(import.meta.dirname, '../../dist');

function prompts(trusts: boolean): SshPrompts {
  return {
    trustHostKey: async () => trusts,
    passphrase: async () => undefined,
    password: async () => undefined,
  };
}

function connectTo(host: SshHost, trusts = false): Promise<SshEngine> {
  return bootstrapSshEngine({
    address: { host: host.address },
    dist: DIST,
    env: { ...process.env, ...host.env },
    prompts: prompts(trusts),
  });
}

async function ping(engine: SshEngine): Promise<string> {
  const socket = await engine.openApi();
  return new Promise((resolve, reject) => {
    const call = request({ path: '/_ping', createConnection: () => socket as never }, (response) => {
      response.setEncoding('utf8').once('data', resolve);
    });
    call.once('error', reject).end();
  });
}

describe('a host over SSH', function () {
  this.timeout(120_000);
  let host: SshHost;

  before(async function () {
    requireRoot(this);
    host = await startSshHost();
  });
  after(async () => {
    await host?.stop();
  });

  it('refuses an unknown host key that nobody trusts, and writes nothing', async () => {
    await assert.rejects(connectTo(host), { code: 'E_HOST_KEY_UNKNOWN' });
    assert.throws(() => host.run('ls', '/root/.local'));
  });

  it('installs itself on a host with nothing on it, and its API answers', async () => {
    const engine = await connectTo(host, true);
    assert.deepEqual([engine.sent, engine.wasRunning], [['node', 'native', 'engine'], false]);
    assert.equal(await ping(engine), 'OK');
    assert.equal(host.run('stat', '-c', '%a', `${engine.facts.home}/run/naru.sock`).trim(), '600');
    engine.connection.close();
    await engine.connection.closed;
  });

  it('uploads nothing the second time, and finds the engine running', async () => {
    const engine = await connectTo(host);
    assert.deepEqual([engine.sent, engine.wasRunning], [[], true]);
    assert.equal(await ping(engine), 'OK');
    engine.connection.close();
  });

  it('answers without waiting for acknowledgements of what was sent before', async () => {
    const engine = await connectTo(host);
    const socket = await engine.openApi();
    const times: number[] = [];
    for (let nth = 0; nth < 20; nth += 1) {
      const start = performance.now();
      socket.write('GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(socket, 'data');
      times.push(performance.now() - start);
    }
    engine.connection.close();
    // The kernel holds an acknowledgement back for 40 ms; the best of many does not know of the machine's load.
    assert.ok(Math.min(...times) < 20, `${Math.min(...times)} ms`);
  });

  it('refuses a host key that changed, with the line to remove it', async () => {
    await host.rekey();
    await assert.rejects(connectTo(host, true), (error: Error & { code?: string; hint?: string }) => {
      assert.equal(error.code, 'E_HOST_KEY_CHANGED');
      assert.match(error.hint ?? '', /ssh-keygen -R/);
      return true;
    });
    trustHost(host);
  });

  it('says that the login was refused, and what to do', async () => {
    await assert.rejects(connectTo({ ...host, env: host.strangerEnv }), {
      code: 'E_SSH_LOGIN',
      message: /accepts none of your keys/,
    });
  });

  it('says that nothing listens on the port', async () => {
    await assert.rejects(
      bootstrapSshEngine({
        address: { host: host.address, port: 2 },
        dist: DIST,
        env: { ...process.env, ...host.env },
        prompts: prompts(true),
      }),
      { code: 'E_SSH_CONNECT', message: /nothing listens there/ },
    );
  });
});
