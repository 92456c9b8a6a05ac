/** An engine that is told to end while clients are in the middle of things: it ends at once, and its containers run on. Needs root. */

import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

import { busyboxArchive } from '../../../scripts/base-images.ts';
import { dockerCli, type DockerCli } from '../../support/docker-cli.ts';
import { ask, startEngine } from '../../support/engine.ts';
import { requireRoot } from '../../support/skip.ts';
import { until } from '../../support/until.ts';
import type { KillableEngine } from './killed-engine.ts';

/** A file of 5000 bytes, by a tar that ends after the first hundred of them. */
const HALF_TAR = halfTar('Dockerfile', 5000, 100);
const UPGRADE = { Connection: 'Upgrade', Upgrade: 'tcp' };
const MANIFEST =
  '{"naruContext":1}\n' +
  `{"path":"f","kind":"file","mode":420,"mtime":"0","size":5000,"digest":"sha256:${'a'.repeat(64)}"}\n`;

interface Conversation {
  readonly name: string;
  readonly head: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent of a body that never ends. */
  readonly body?: string | Buffer;
  /** An answer comes before the engine is told to end; others are still sending then. */
  readonly isAnswered?: boolean;
}

const SENDING: readonly Conversation[] = [
  { name: 'a build whose context stops in a file', head: 'POST /build', body: HALF_TAR },
  { name: 'a build of which nothing came', head: 'POST /build', body: '' },
  { name: 'a build of a compressed context', head: 'POST /build', body: gzipSync(HALF_TAR).subarray(0, 60) },
  { name: 'a load', head: 'POST /images/load', body: HALF_TAR },
  { name: 'an import', head: 'POST /images/create?fromSrc=-', body: HALF_TAR },
  { name: 'files for a container', head: 'PUT /containers/box/archive?path=/tmp', body: HALF_TAR },
  {
    name: 'files for a container that does not run',
    head: 'PUT /containers/old/archive?path=/tmp',
    body: HALF_TAR,
  },
  { name: 'a manifest', head: 'POST /naru/v1/context', body: MANIFEST },
  {
    name: 'files of a context',
    head: 'PUT /naru/v1/context/CONTEXT/files',
    body: halfTar('a'.repeat(64), 5000, 100),
  },
  { name: 'JSON', head: 'POST /containers/create', body: '{"Image":' },
];

const LISTENING: readonly Conversation[] = [
  { name: 'attach', head: 'POST /containers/box/attach?stream=1&stdin=1&stdout=1&logs=1', headers: UPGRADE },
  { name: 'attach without an upgrade', head: 'POST /containers/box/attach?stream=1&stdout=1' },
  { name: 'events', head: 'GET /events' },
  { name: 'logs', head: 'GET /containers/box/logs?follow=1&stdout=1' },
  { name: 'stats', head: 'GET /containers/box/stats' },
  { name: 'wait', head: 'POST /containers/box/wait' },
  { name: 'an export nobody reads', head: 'GET /containers/box/export' },
].map((conversation) => ({ ...conversation, isAnswered: true }));

describe('SIGTERM while clients are busy', function () {
  this.timeout(60_000);
  let engine: KillableEngine;
  let docker: DockerCli;
  const open: Socket[] = [];

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    docker = dockerCli(engine.host);
    await docker.out(['load', '-i', await busyboxArchive()]);
    await docker.out([
      'run',
      '-i',
      '-d',
      '--name',
      'box',
      'busybox',
      'sh',
      '-c',
      'trap "" TERM; echo begun; while :; do sleep 1; done',
    ]);
    await docker.out(['create', '--name', 'old', 'busybox', 'true']);
  });
  afterEach(() => {
    for (const socket of open.splice(0)) socket.destroy();
  });
  after(async () => {
    docker?.close();
    await engine?.stop();
  });

  async function begin({
    name,
    head,
    headers = {},
    body,
    isAnswered = false,
  }: Conversation): Promise<Socket> {
    const socket = connect(engine.socketPath);
    open.push(socket);
    socket.on('error', () => undefined);
    const context = head.includes('CONTEXT') ? await contextId() : '';
    const lines = [
      `${head.replace('CONTEXT', context)} HTTP/1.1`,
      'Host: x',
      ...Object.entries(headers).map(([key, value]) => `${key}: ${value}`),
    ];
    if (body !== undefined) lines.push('Content-Type: application/json', 'Content-Length: 1000000');
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    await new Promise((resolve) => socket.write(body ?? '', resolve));
    if (!isAnswered) return socket;
    let isThere = false;
    socket.once('data', () => {
      socket.pause();
      isThere = true;
    });
    await until(`the answer to ${name}`, () => isThere);
    return socket;
  }

  async function contextId(): Promise<string> {
    const { text } = await ask(engine.socketPath, 'POST', '/naru/v1/context', MANIFEST);
    return (JSON.parse(text) as { readonly id: string }).id;
  }

  async function endsAtOnce(): Promise<void> {
    const pid = await docker.out(['inspect', '-f', '{{.State.Pid}}', 'box']);
    const began = performance.now();
    const late = setTimeout(() => void engine.kill('SIGKILL'), 5000);
    await engine.kill('SIGTERM');
    clearTimeout(late);
    const tookMs = performance.now() - began;
    engine = await startEngine({ folder: engine.folder });
    assert.ok(tookMs < 5000, 'it took more than 5 s');
    assert.equal(
      await docker.out(['inspect', '-f', '{{.State.Status}} {{.State.Pid}}', 'box']),
      `running ${pid}`,
    );
  }

  it('sending', async () => {
    for (const conversation of SENDING) await begin(conversation);
    await endsAtOnce();
  });

  it('having left or closed their side while they were sending', async () => {
    for (const conversation of SENDING) (await begin(conversation)).destroy();
    for (const conversation of SENDING) (await begin(conversation)).end();
    await endsAtOnce();
  });

  it('listening', async () => {
    for (const conversation of LISTENING) await begin(conversation);
    const execs = [['exec'], ['exec', '-t']].map((verb) => docker.run([...verb, 'box', 'sleep', '1006']));
    await until(
      'both execs',
      async () => (await docker.out(['top', 'box'])).match(/sleep 1006/g)?.length === 2,
    );
    await endsAtOnce();
    await Promise.all(execs);
  });

  it('waiting for a container that does not stop', async () => {
    await begin({ name: 'stop', head: 'POST /containers/box/stop?t=100' });
    await endsAtOnce();
  });
});

function halfTar(path: string, sizeBytes: number, sentBytes: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${sizeBytes.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, Buffer.alloc(sentBytes, 'x')]);
}
