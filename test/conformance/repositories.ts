/**
 * The git repositories that cases fetch from, over HTTP (`git http-backend`) and git's own protocol (`git daemon`).
 * Always the same commits with the same ids: a case may name one.
 */

import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';

/** The second commit of `repo.git` on `main`. */
export const REPO_HEAD = 'db6ea9be0615a8eb047cc125b8ef46865982ab16';
/** The first one, tagged `v1`. */
export const REPO_FIRST = '90687d20f18152cf98a9a1948affb18978a391d8';

/**
 * `repo.git`: two commits on `main`, the first of them tagged `v1`, and a branch `other`.
 * `more.git`: ignore files, links, odd names; a name that is branch and tag, a name with a slash.
 * `modules.git`: `repo.git` as its submodule, and one commit: BuildKit (28.5.2) keeps the index of a repository, so that the submodule also appears in whatever else is checked out of it next.
 */
export function makeRepositories(folder: string): void {
  makeRepo(folder);
  makeMore(folder);
  makeModules(folder);
}

/** CGI/1.1 (RFC 3875), as much of it as git's backend needs. */
export async function serveGit(
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
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

/** One connection of git's own protocol. */
export function serveGitDaemon(folder: string, socket: Socket): void {
  const child = spawn('git', ['daemon', '--inetd', '--export-all', `--base-path=${folder}`], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  for (const stream of [socket, child.stdin]) stream.on('error', () => socket.destroy());
  socket.pipe(child.stdin);
  child.stdout.pipe(socket);
}

type Git = (...args: string[]) => void;

function makeRepo(folder: string): void {
  const { work, git } = begin(folder, 'work');
  write(work, { 'a.txt': 'one\n', 'sub/b.txt': 'sub\n', Dockerfile: 'FROM busybox\nCOPY . /src\n' });
  fs.chmodSync(join(work, 'a.txt'), 0o755);
  fs.symlinkSync('a.txt', join(work, 'link'));
  write(work, { 'sub/Dockerfile': 'FROM busybox\nCOPY . /only-sub\n' });
  commit(git, 'first');
  git('tag', '-a', '-m', 'v1', 'v1');
  git('checkout', '-q', '-b', 'other');
  write(work, { 'other.txt': 'other\n' });
  commit(git, 'other');
  git('checkout', '-q', 'main');
  write(work, { 'a.txt': 'two\n' });
  git('commit', '-q', '-a', '-m', 'second');
  git('clone', '-q', '--bare', work, join(folder, 'repo.git'));
}

function makeMore(folder: string): void {
  const { work, git } = begin(folder, 'more');
  write(work, {
    Dockerfile: 'FROM busybox\nCOPY . /src\n',
    '.dockerignore': 'secret.txt\n',
    'secret.txt': 'hush\n',
    'kept.txt': 'kept\n',
    '나루 [1].txt': 'odd\n',
    'dir/f': 'f\n',
    'dir/Dockerfile': 'FROM busybox\nCOPY . /dir\n',
    'build/Other': 'FROM busybox\nCOPY . /other\n',
    'build/Other.dockerignore': '**\n!kept.txt\n',
  });
  fs.symlinkSync('dir', join(work, 'linked'));
  fs.symlinkSync('build/Other', join(work, 'Link'));
  fs.symlinkSync('/etc/passwd', join(work, 'outside'));
  commit(git, 'first');
  git('tag', '1.0');
  git('checkout', '-q', '-b', 'feature/x');
  write(work, { 'feature.txt': 'x\n' });
  commit(git, 'feature');
  git('checkout', '-q', '-b', 'both');
  write(work, { 'branch.txt': 'branch\n' });
  commit(git, 'branch');
  git('tag', '-f', 'both', 'main');
  git('checkout', '-q', 'main');
  git('clone', '-q', '--bare', work, join(folder, 'more.git'));
}

function makeModules(folder: string): void {
  const { work, git } = begin(folder, 'modules');
  write(work, { Dockerfile: 'FROM busybox\nCOPY . /src\n', 'own.txt': 'own\n' });
  git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', '../repo.git', 'module');
  commit(git, 'modules');
  git('clone', '-q', '--bare', work, join(folder, 'modules.git'));
}

function begin(folder: string, name: string): { readonly work: string; readonly git: Git } {
  const work = join(folder, name);
  fs.mkdirSync(work);
  const git: Git = (...args) => {
    execFileSync('git', args, { cwd: work, stdio: 'ignore', env: { ...process.env, ...GIT_IDENTITY } });
  };
  git('init', '-q', '-b', 'main');
  return { work, git };
}

function commit(git: Git, message: string): void {
  git('add', '-A');
  git('commit', '-q', '-m', message);
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
    fs.mkdirSync(dirname(target), { recursive: true });
    fs.writeFileSync(target, content);
  }
}
