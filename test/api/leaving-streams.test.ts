/** Clients that leave in the middle of a stream, either way: no error of the engine, one line in its log at most, and nothing left. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

import { busyboxArchive } from '../../scripts/base-images.ts';
import { buildRequest } from '../support/build-request.ts';
import { ask, startEngine } from '../support/engine.ts';
import { runNaru } from '../support/naru-cli.ts';
import { requireRoot } from '../support/skip.ts';
import { until } from '../support/until.ts';

const UPGRADE = 'Connection: Upgrade\r\nUpgrade: tcp\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';
/** Always has more to say, and stays small. */
const TALK = 'while :; do echo more; sleep 0.02; done';
/** A tar member of 1 MiB, of which little comes. */
const TORN_TAR = tornTar();
const BUILD = JSON.stringify(buildRequest('FROM busybox\nRUN yes\n', {}, { noCache: true }));

/** What is sent; the client leaves at the first byte of the answer's body, or, where something torn is sent, once that is sent. */
interface Leaving {
  readonly request: string;
  readonly headers?: string;
  readonly body?: string;
  readonly torn?: Buffer;
}

const ALL: readonly Leaving[] = [
  { request: 'GET /containers/talks/logs?follow=1&stdout=1' },
  { request: 'GET /containers/talks/stats' },
  { request: 'GET /containers/talks/export' },
  { request: 'GET /containers/talks/archive?path=/bin' },
  { request: 'GET /images/get?names=busybox' },
  { request: 'GET /events?since=1' },
  { request: 'POST /containers/talks/attach?stream=1&stdout=1', headers: UPGRADE },
  { request: 'POST /containers/talks/attach?stream=1&stdout=1' },
  { request: 'POST /containers/talks/attach?stream=1&stdout=1&stdin=1&logs=1', headers: UPGRADE },
  { request: 'POST /exec/EXEC/start', headers: `${UPGRADE}${JSON_TYPE}`, body: '{}' },
  { request: 'POST /exec/EXEC/start', headers: JSON_TYPE, body: '{}' },
  { request: 'POST /naru/v1/builds', headers: JSON_TYPE, body: BUILD },
  { request: 'GET /naru/v1/builds/BUILD/files' },
  { request: 'GET /naru/v1/builds/BUILD/archive?name=x' },
  { request: 'POST /naru/v1/builds/BUILD/cache', headers: JSON_TYPE, body: '{"mode":"max","have":[]}' },
  { request: 'PUT /containers/talks/archive?path=/tmp', torn: TORN_TAR },
  { request: 'POST /images/load', torn: TORN_TAR },
  { request: 'POST /images/create?fromSrc=-', torn: TORN_TAR },
  { request: 'POST /build', torn: TORN_TAR },
  { request: 'POST /naru/v1/context/archive', torn: TORN_TAR },
  { request: 'POST /naru/v1/context', torn: Buffer.from('{') },
  { request: 'POST /naru/v1/caches', torn: Buffer.from('{') },
  { request: 'POST /containers/create', headers: JSON_TYPE, torn: Buffer.from('{') },
];

describe('clients that leave a stream', function () {
  this.timeout(60_000);
  let engine: Awaited<ReturnType<typeof startEngine>>;
  let build = '';

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    const { status } = await runNaru(engine.host, ['load', '-i', await busyboxArchive()]);
    assert.equal(status, 0);
    const command = ['run', '-d', '-i', '--network', 'none', '--name', 'talks', 'busybox', 'sh', '-c', TALK];
    assert.equal((await runNaru(engine.host, command)).status, 0);
    const made = BUILD.replace('RUN yes', 'RUN head -c 9000000 /dev/urandom >/f');
    const { text } = await ask(engine.socketPath, 'POST', '/naru/v1/builds', JSON.parse(made) as object);
    build = /"build":"([0-9a-f]+)"/.exec(text)?.[1] ?? '';
    assert.match(text, /"type":"result"/);
  });
  after(() => engine?.stop());

  async function leave({ request, headers = '', body, torn }: Leaving): Promise<void> {
    const exec = request.includes('EXEC') ? await execOf('talks') : '';
    const line = request.replace('EXEC', exec).replace('BUILD', build);
    const length = torn === undefined ? Buffer.byteLength(body ?? '') : 1 << 21;
    const socket = connect(engine.socketPath);
    let got = '';
    const answered = new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => resolve());
      socket.on('data', (chunk) => {
        got += chunk.toString('latin1');
        if (/\r\n\r\n[^]/.test(got)) resolve();
      });
    });
    socket.write(`${line} HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: ${length}\r\n\r\n${body ?? ''}`);
    if (torn === undefined) await answered;
    else await new Promise((resolve) => socket.write(torn, resolve));
    if (torn === undefined) assert.match(got, /^HTTP\/1\.1 (200|101) /, line);
    socket.destroy();
  }

  async function execOf(name: string): Promise<string> {
    const asked = { Cmd: ['yes'], AttachStdout: true };
    const { text } = await ask(engine.socketPath, 'POST', `/containers/${name}/exec`, asked);
    return /"Id":"([0-9a-f]+)"/.exec(text)?.[1] ?? '';
  }

  for (const leaving of ALL) {
    const { request, headers = '', torn } = leaving;
    const how = headers.includes('Upgrade') ? ' (upgraded)' : '';
    it(`${torn === undefined ? 'reading' : 'sending'} ${request}${how}`, async () => {
      const before = connectionsOf(engine.socketPath);
      await leave(leaving);
      await until('the connection is gone', () => connectionsOf(engine.socketPath) <= before);
    });
  }

  it('is told in one line each, if at all', async () => {
    const { status } = await ask(engine.socketPath, 'DELETE', '/containers/talks?force=1');
    assert.equal(status, 204);
    await engine.kill('SIGTERM');
    const log = readFileSync(join(engine.root, 'engine.log'), 'utf8').trimEnd().split('\n');
    const others = log.filter((line) => !/^\S+ info [A-Z]+ \/\S+: (?:the client left|4\d\d .*)$/.test(line));
    assert.deepEqual(
      others.map((line) => line.replace(/^\S+ /, '')),
      [`info listening on ${engine.socketPath}, pid ${engine.pid}`, 'info stopped'],
    );
    assert.ok(log.length - others.length <= ALL.length, log.join('\n'));
  });
});

/** The engine's ends of its connections: proc_pid_net(5), where 03 is a connected socket. */
function connectionsOf(socketPath: string): number {
  const lines = readFileSync('/proc/net/unix', 'utf8').split('\n');
  return lines.filter((line) => line.endsWith(` ${socketPath}`) && line.split(/\s+/)[5] === '03').length;
}

function tornTar(): Buffer {
  const header = Buffer.alloc(512);
  header.write('file');
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write('00004000000\0', 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, Buffer.alloc(20_000)]);
}
