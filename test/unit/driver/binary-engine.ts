/** An engine of Naru's kind on a unix socket whose answers are computed from whole request bodies. */

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Connect } from '../../../local/http/agent.ts';
import { unixConnect } from '../../../local/http/unix.ts';
import { errorStatus } from '../../../runtime/api/error-status.ts';

export interface BinaryRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface BinaryEngine {
  readonly connect: Connect;
  readonly close: () => Promise<void>;
}

export async function binaryEngine(
  answer: (request: BinaryRequest) => Promise<unknown>,
): Promise<BinaryEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'naru-binary-'));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const version = { Version: '0', ApiVersion: '1.47', Platform: { Name: 'Naru Engine' } };
      const answered =
        url === '/version'
          ? Promise.resolve(version)
          : answer({ method, url, headers, body: Buffer.concat(chunks) });
      answered.then(
        (body) => response.end(JSON.stringify(body)),
        (error: unknown) => {
          const { status, message } = errorStatus(error);
          response.writeHead(status).end(JSON.stringify({ message }));
        },
      );
    });
  });
  server.listen(join(folder, 's'));
  await once(server, 'listening');
  async function close(): Promise<void> {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
    rmSync(folder, { recursive: true, force: true });
  }
  return { connect: unixConnect(join(folder, 's')), close };
}
