/** HTTP over streams: reuse, retries, upgrades, aborts and errors. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createRawServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Duplex, PassThrough, Readable } from 'node:stream';

import { isErrorKind } from '../../../core/errors.ts';
import type { Connect } from '../../../local/http/agent.ts';
import { readJsonLines, readLines, readText } from '../../../local/http/body.ts';
import { HttpClient, type HttpRequest } from '../../../local/http/client.ts';
import { duplexOfPipes } from '../../../local/http/pipes.ts';
import { unixConnect } from '../../../local/http/unix.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

describe('http client', function () {
  if (process.platform === 'win32') return;
  let folder = '';
  let server: Server;
  let client: HttpClient;
  let nConnections = 0;
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'naru-http-'));
    nConnections = 0;
    server = createServer();
    server.on('connection', (socket) => {
      nConnections += 1;
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    server.listen(join(folder, 's'));
    await once(server, 'listening');
    client = new HttpClient({ connect: unixConnect(join(folder, 's')) });
  });
  afterEach(async () => {
    client.dispose();
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
    rmSync(folder, { recursive: true, force: true });
  });

  function serve(handler: Handler): void {
    server.on('request', handler);
  }
  async function ask(asked: Partial<HttpRequest> = {}): Promise<string> {
    const { status, body } = await client.request({ method: 'GET', path: '/', ...asked });
    return `${status} ${await readText(body, 1000)}`;
  }

  it('keeps its stream for the next request, and opens more for parallel ones', async () => {
    serve((request, response) => response.end(request.url));
    assert.equal(await ask({ path: '/a?b=c' }), '200 /a?b=c');
    assert.equal(await ask({ path: '/d' }), '200 /d');
    assert.equal(nConnections, 1);
    await Promise.all([ask(), ask(), ask()]);
    assert.ok(nConnections >= 2 && nConnections <= 3);
  });

  it('sends texts with their length and streams in chunks', async () => {
    serve((request, response) => {
      void readText(request, 1_000_000).then((body) =>
        response.end(
          `${request.headers['content-length']} ${request.headers['transfer-encoding']} ${body.length}`,
        ),
      );
    });
    assert.equal(await ask({ method: 'POST', body: 'é' }), '200 2 undefined 1');
    assert.equal(await ask({ method: 'POST' }), '200 0 undefined 0');
    const chunks = Array.from({ length: 100 }, () => Buffer.alloc(5000, 97));
    assert.equal(await ask({ method: 'PUT', body: Readable.from(chunks) }), '200 undefined chunked 500000');
  });

  it('tries once more when an idle stream turns out to be closed', async () => {
    let nRequests = 0;
    serve((request, response) => {
      nRequests += 1;
      if (nRequests === 2) request.socket.destroy();
      else response.end('ok');
    });
    assert.equal(await ask(), '200 ok');
    assert.equal(await ask({ method: 'POST', body: 'x' }), '200 ok');
    assert.equal(nRequests, 3);
  });

  it('answers 4xx and 5xx as they are', async () => {
    serve((_request, response) => response.writeHead(409).end('no'));
    assert.equal(await ask({ method: 'POST', body: 'x' }), '409 no');
  });

  it('gets an early answer although the body was not read', async () => {
    serve((request, response) => {
      response.writeHead(413, { connection: 'close' }).end('too much');
      request.resume();
    });
    const endless = Readable.from(
      (function* () {
        for (let nth = 0; nth < 200; nth += 1) yield Buffer.alloc(65_536);
      })(),
    );
    const { status } = await client.request({ method: 'PUT', path: '/', body: endless });
    assert.equal(status, 413);
  });

  it('says who cannot be reached', async () => {
    const lost = new HttpClient({ connect: unixConnect(join(folder, 'nobody')) });
    await assert.rejects(
      lost.request({ method: 'GET', path: '/' }),
      (error) =>
        isErrorKind(error, 'unavailable') && error.message.includes(`unix://${join(folder, 'nobody')}`),
    );
    serve((request) => request.socket.destroy());
    await assert.rejects(ask(), (error) => isErrorKind(error, 'unavailable'));
  });

  it('can be cancelled before, during and after the head of the answer', async () => {
    serve((request, response) => {
      if (request.url === '/slow') return;
      response.write('a');
    });
    const abort = new AbortController();
    const slow = ask({ path: '/slow', signal: abort.signal });
    abort.abort();
    await assert.rejects(slow, (error) => isErrorKind(error, 'cancelled'));
    await assert.rejects(ask({ signal: AbortSignal.abort() }), (error) => isErrorKind(error, 'cancelled'));
    await assert.rejects(ask({ path: '/slow', signal: AbortSignal.timeout(5) }), (error) =>
      isErrorKind(error, 'timeout'),
    );
    const late = new AbortController();
    const { body } = await client.request({ method: 'GET', path: '/', signal: late.signal });
    const reading = readText(body, 100);
    late.abort();
    await assert.rejects(reading, (error) => isErrorKind(error, 'cancelled'));
  });

  async function talk(stream: Duplex): Promise<string> {
    stream.write('in');
    const [first] = (await once(stream, 'data')) as [Buffer];
    stream.end('more');
    let text = first.toString();
    for await (const chunk of stream) text += String(chunk);
    return text;
  }

  it('leaves HTTP when the peer upgrades, keeping what came with the head', async () => {
    server.on('upgrade', (_request, socket: Socket) => {
      socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nhead ');
      socket.on('data', (chunk) => socket.write(`<${String(chunk)}>`));
      socket.on('end', () => socket.end('end'));
    });
    const answer = await client.upgrade({ method: 'POST', path: '/attach' });
    assert.ok('stream' in answer);
    assert.match(await talk(answer.stream), /^head <in(><)?more>end$/);
  });

  it('leaves HTTP when the peer answers 200 instead', async () => {
    const raw = createRawServer({ allowHalfOpen: true }, (socket) => {
      let isOpen = false;
      socket.on('data', (chunk) => {
        if (isOpen) socket.write(`<${String(chunk)}>`);
        else socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nhead ');
        isOpen = true;
      });
      socket.on('end', () => socket.end('end'));
    });
    raw.listen(join(folder, 'raw'));
    await once(raw, 'listening');
    const rawClient = new HttpClient({ connect: unixConnect(join(folder, 'raw')) });
    const answer = await rawClient.upgrade({ method: 'POST', path: '/attach' });
    assert.ok('stream' in answer);
    assert.match(await talk(answer.stream), /^head <in(><)?more>end$/);
    raw.close();
  });

  it('answers a refused upgrade as a response', async () => {
    server.on('upgrade', (_request, socket: Socket) => {
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone');
    });
    const answer = await client.upgrade({ method: 'POST', path: '/attach' });
    assert.ok('status' in answer);
    assert.equal(`${answer.status} ${await readText(answer.body, 10)}`, '404 gone');
  });

  it('speaks over a pair of pipes', async () => {
    serve((request, response) => response.end(request.url));
    const connect: Connect = async () => {
      const below = await unixConnect(join(folder, 's'))();
      const [toServer, fromServer] = [new PassThrough(), new PassThrough()];
      toServer.pipe(below);
      below.pipe(fromServer);
      return duplexOfPipes(fromServer, toServer);
    };
    const piped = new HttpClient({ connect });
    for (const path of ['/1', '/2']) {
      const { body } = await piped.request({ method: 'GET', path });
      assert.equal(await readText(body, 10), path);
    }
    assert.equal(nConnections, 1);
    piped.dispose();
  });
});

describe('bodies', () => {
  async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
    const items: T[] = [];
    for await (const item of source) items.push(item);
    return items;
  }

  it('are split into lines wherever the chunks end', async () => {
    const bytes = Buffer.from('a\r\n\né😀b\nlast');
    for (let size = 1; size < 6; size += 1) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      assert.deepEqual(await all(readLines(Readable.from(chunks))), ['a', 'é😀b', 'last'], String(size));
    }
  });

  it('are bounded, and JSON where JSON is due', async () => {
    await assert.rejects(readText(Readable.from([Buffer.alloc(11)]), 10), { kind: 'invalid-argument' });
    assert.deepEqual(await all(readJsonLines(Readable.from([Buffer.from('{"a":1}\n[2]\n')]))), [
      { a: 1 },
      [2],
    ]);
    await assert.rejects(all(readJsonLines(Readable.from([Buffer.from('x')]))), { kind: 'invalid-argument' });
  });
});
