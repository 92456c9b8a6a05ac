/** The server that ADD and remote contexts download from in these cases: a few files over HTTP, and one git repository through `git http-backend`. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CONTEXT_TAR, CONTEXT_TAR_GZ, TAR, TAR_BZ2, TAR_GZ, TAR_XZ, TAR_ZST } from './archives.ts';

export interface Origin {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
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
]);

/** Listens on loopback; the repository has the commits `GIT_COMMITS` names, always with the same ids. */
export async function startOrigin(): Promise<Origin> {
  const folder = fs.mkdtempSync(join(tmpdir(), 'naru-origin-'));
  makeRepository(folder);
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/repo.git') === true) void serveGit(folder, request, response);
    else serveFile(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server has one
  return {
    address: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
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

/** CGI/1.1 (RFC 3875), as much of it as git's backend needs. */
async function serveGit(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://origin');
  const child = spawn('git', ['http-backend'], {
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_ADDR: '127.0.0.1',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => undefined); // it may end before it has read everything
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer); // a pipe yields Buffers
  const whole = Buffer.concat(chunks);
  const end = whole.indexOf('\r\n\r\n');
  let status = 200;
  for (const line of whole.toString('latin1', 0, end).split('\r\n')) {
    const [name = '', value = ''] = line.split(/:\s*/, 2);
    if (name.toLowerCase() === 'status') status = Number(value.slice(0, 3));
    else response.setHeader(name, value);
  }
  response.writeHead(status).end(whole.subarray(end + 4));
}

/** Two commits on `main`, the first of them tagged `v1`, and a branch `other`. */
function makeRepository(folder: string): void {
  const work = join(folder, 'work');
  fs.mkdirSync(work);
  const git = (...args: string[]): void => {
    execFileSync('git', args, { cwd: work, stdio: 'ignore', env: { ...process.env, ...GIT_IDENTITY } });
  };
  git('init', '-q', '-b', 'main');
  write(work, { 'a.txt': 'one\n', 'sub/b.txt': 'sub\n', Dockerfile: 'FROM busybox\nCOPY . /src\n' });
  fs.chmodSync(join(work, 'a.txt'), 0o755);
  fs.symlinkSync('a.txt', join(work, 'link'));
  write(work, { 'sub/Dockerfile': 'FROM busybox\nCOPY . /only-sub\n' });
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  git('tag', '-a', '-m', 'v1', 'v1');
  git('checkout', '-q', '-b', 'other');
  write(work, { 'other.txt': 'other\n' });
  git('add', '-A');
  git('commit', '-q', '-m', 'other');
  git('checkout', '-q', 'main');
  write(work, { 'a.txt': 'two\n' });
  git('commit', '-q', '-a', '-m', 'second');
  git('clone', '-q', '--bare', work, join(folder, 'repo.git'));
}

const GIT_IDENTITY = {
  GIT_AUTHOR_NAME: 'n',
  GIT_AUTHOR_EMAIL: 'n@example.com',
  GIT_COMMITTER_NAME: 'n',
  GIT_COMMITTER_EMAIL: 'n@example.com',
  GIT_AUTHOR_DATE: '2020-01-01T00:00:00Z',
  GIT_COMMITTER_DATE: '2020-01-01T00:00:00Z',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    fs.mkdirSync(join(target, '..'), { recursive: true });
    fs.writeFileSync(target, content);
  }
}
