/** An engine that answers from a table, on a unix socket in a temporary folder. */

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EngineConnection } from '../../../client/driver/engine/connection.ts';
import { readText } from '../../../local/http/body.ts';
import { unixConnect } from '../../../local/http/unix.ts';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Scripted {
  readonly status?: number;
  readonly body?: unknown;
  /** Raw chunks, instead of JSON. */
  readonly chunks?: readonly (string | Uint8Array)[];
  /** 101, then these bytes; what the client sends is in `Received.body` of a further entry. */
  readonly upgrade?: Uint8Array;
  /** Ends what was upgraded after the bytes, in good order. */
  readonly isOver?: boolean;
  /** Nothing is answered before. */
  readonly after?: Promise<unknown>;
  /** Breaks the connection after the chunks. */
  readonly isBroken?: boolean;
}

export interface FakeEngine {
  readonly engine: EngineConnection;
  /** For `--host`. */
  readonly host: string;
  /** All requests but the first, which asks for the version. */
  readonly received: Received[];
  readonly close: () => Promise<void>;
}

const VERSION = { Version: '28.5.2', ApiVersion: '1.47', Arch: 'amd64', Platform: { Name: 'Docker' } };

/** `answer` gives what a request gets; `version` replaces fields of the version. */
export async function fakeEngine(
  answer: (request: Received) => Scripted,
  version: Readonly<Record<string, unknown>> = {},
): Promise<FakeEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'naru-fake-'));
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    void (async () => {
      const body = await readText(request, 1 << 24);
      if (request.url === '/version') {
        response.end(JSON.stringify({ ...VERSION, ...version }));
        return;
      }
      const seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
      received.push(seen);
      const scripted = answer(seen);
      await scripted.after;
      response.statusCode = scripted.status ?? 200;
      if (scripted.chunks === undefined) {
        response.end(scripted.body === undefined ? undefined : JSON.stringify(scripted.body));
        return;
      }
      for (const chunk of scripted.chunks) {
        await new Promise((resolve) => response.write(chunk, resolve));
      }
      if (scripted.isBroken) response.destroy();
      else response.end();
    })();
  });
  server.on('upgrade', (request, socket: Socket) => {
    const seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: '' };
    received.push(seen);
    const scripted = answer(seen);
    if (scripted.upgrade === undefined) {
      const text = JSON.stringify(scripted.body);
      socket.end(`HTTP/1.1 ${scripted.status ?? 500} X\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
      return;
    }
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    socket.write(scripted.upgrade);
    if (scripted.isBroken) {
      socket.destroySoon();
      return;
    }
    if (scripted.isOver === true) {
      socket.end();
      return;
    }
    void readText(socket, 1 << 20).then((body) => {
      received.push({ ...seen, body });
      socket.end();
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(join(folder, 's'));
  await once(server, 'listening');
  const engine = await EngineConnection.open(unixConnect(join(folder, 's')));
  async function close(): Promise<void> {
    engine.dispose();
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
    rmSync(folder, { recursive: true, force: true });
  }
  return { engine, host: `unix://${join(folder, 's')}`, received, close };
}
