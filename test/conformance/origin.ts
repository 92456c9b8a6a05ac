/** The server that ADD and remote contexts download from in these cases: files and archives over HTTP, and the git repositories of repositories.ts. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CONTEXT_TAR, CONTEXT_TAR_GZ, OWNED_TAR, TAR, TAR_BZ2, TAR_GZ, TAR_XZ, TAR_ZST } from './archives.ts';
import { makeRepositories, serveGit, serveGitDaemon } from './repositories.ts';

export interface Origin {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  /** `git://127.0.0.1:PORT` */
  readonly gitAddress: string;
  /** Its repositories lie here. */
  readonly folder: string;
  /** Socket of an SSH agent without keys. */
  readonly agent: string;
  close(): Promise<void>;
}

const MODIFIED = 'Wed, 01 Jan 2020 00:00:00 GMT';

const FILES: ReadonlyMap<string, Buffer> = new Map([
  ['/hello.txt', Buffer.from('hello\n')],
  ['/dir/hello.txt', Buffer.from('hello\n')],
  ['/Dockerfile', Buffer.from('FROM busybox\nRUN echo remote > /remote\n')],
  ['/x.tar', base64(TAR)],
  ['/x.tar.gz', base64(TAR_GZ)],
  ['/x.tar.bz2', base64(TAR_BZ2)],
  ['/x.tar.xz', base64(TAR_XZ)],
  ['/x.tar.zst', base64(TAR_ZST)],
  ['/context.tar', base64(CONTEXT_TAR)],
  ['/context.tar.gz', base64(CONTEXT_TAR_GZ)],
  ['/owned.tar', base64(OWNED_TAR)],
  ['/bad.Dockerfile', Buffer.from('FROM busybox\nCOPPY a b\n')],
  ['/copies.Dockerfile', Buffer.from('FROM busybox\nCOPY . /x/\n')],
  ['/lacking.Dockerfile', Buffer.from('FROM busybox\nCOPY nosuchthing /f\n')],
  ['/page.html', Buffer.from('<html>\n<body>no Dockerfile</body>\n</html>\n')],
  ['/empty', Buffer.alloc(0)],
]);

/** Listens on loopback; the repository has the commits `GIT_COMMITS` names, always with the same ids. */
export async function startOrigin(): Promise<Origin> {
  const folder = fs.mkdtempSync(join(tmpdir(), 'naru-origin-'));
  makeRepositories(folder);
  const server = createServer((request, response) => {
    if (/^\/(?:repo|more|modules)\.git/.test(request.url ?? '')) void serveGit(folder, request, response);
    else serveFile(request, response);
  });
  const agent = startAgent(folder);
  const daemon = createTcpServer((socket) => serveGitDaemon(folder, socket));
  return {
    address: `http://127.0.0.1:${await listen(server)}`,
    gitAddress: `git://127.0.0.1:${await listen(daemon)}`,
    folder,
    agent: agent.socket,
    close: async () => {
      agent.end();
      server.closeAllConnections();
      for (const one of [server, daemon]) await end(one);
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startAgent(folder: string): { readonly socket: string; end(): void } {
  const socket = join(folder, 'agent');
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  return { socket, end: () => void child.kill() };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port; // a TCP server has one
}

async function end(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

function base64(text: string): Buffer {
  return Buffer.from(text, 'base64');
}

function serveFile(request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? '').replace(/\?.*$/, '');
  if (path === '/redirect') {
    response.writeHead(302, { Location: '/hello.txt' }).end();
    return;
  }
  if (path === '/named') {
    response.writeHead(200, {
      'Content-Disposition': 'attachment; filename="given.txt"',
      'Last-Modified': MODIFIED,
    });
    response.end('named\n');
    return;
  }
  const bytes = FILES.get(path);
  if (bytes === undefined) {
    response.writeHead(404).end('no such file\n');
    return;
  }
  response.writeHead(200, { 'Last-Modified': MODIFIED, 'Content-Length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
