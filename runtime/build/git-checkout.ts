/**
 * A git repository's files at one ref, by the host's own git: for ADD and for contexts.
 * One commit deep where the server allows it. Nothing of the user's or the system's git configuration is used, and nobody is asked for a password.
 */

import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';

import { NaruError } from '../../core/errors.ts';
import { execStatus } from '../host/exec.ts';

export interface GitRequest {
  readonly remote: string;
  /** Branch, tag, full ref or commit; '' is the repository's HEAD. */
  readonly ref: string;
  /** '' is all of it. */
  readonly subdirectory: string;
  readonly keepsGitDirectory: boolean;
  /** A commit, or its beginning, that the ref must be. */
  readonly checksum?: string;
}

/** Answers the directory that holds the files, below `directory`, where a folder is made for it. @throws NaruError in BuildKit's words */
export async function checkOutGit(
  request: GitRequest,
  directory: string,
  signal: AbortSignal,
): Promise<string> {
  const folder = join(directory, randomUUID());
  await fs.mkdir(folder, { recursive: true });
  await git(['init', '-q', folder], folder, signal);
  await fetchRef(request, folder, signal);
  const commit = (await git(['rev-parse', 'FETCH_HEAD^{commit}'], folder, signal)).stdout.trim();
  if (request.checksum !== undefined && !commit.startsWith(request.checksum)) {
    const message = `expected checksum to match ${request.checksum}, got ${commit}`;
    throw new NaruError('invalid-argument', 'E_CHECKSUM', message);
  }
  await must(git(['checkout', '-q', 'FETCH_HEAD'], folder, signal), 'check out', request);
  if (await exists(join(folder, '.gitmodules'))) {
    const argv = ['submodule', 'update', '-q', '--init', '--recursive', '--depth=1'];
    await must(git(argv, folder, signal), 'update the submodules of', request);
  }
  if (!request.keepsGitDirectory) await fs.rm(join(folder, '.git'), { recursive: true, force: true });
  return subdirectoryOf(folder, request.subdirectory);
}

async function fetchRef({ remote, ref }: GitRequest, folder: string, signal: AbortSignal): Promise<void> {
  const wanted = ref === '' ? 'HEAD' : ref;
  const shallow = await git(['fetch', '-q', '--no-tags', '--depth=1', '--', remote, wanted], folder, signal);
  if (shallow.exitCode === 0) return;
  // Servers without shallow transfer, and commits that are no ref.
  const all = '+refs/*:refs/fetched/*';
  const full = await git(['fetch', '-q', '--', remote, all], folder, signal);
  const found =
    full.exitCode === 0
      ? await git(['fetch', '-q', '.', wanted.replace(/^refs\//, 'refs/fetched/')], folder, signal)
      : full;
  if (found.exitCode === 0) return;
  if (full.exitCode === 0 || /couldn't find remote ref/.test(shallow.stderr)) {
    const message = `repository does not contain ref ${wanted}, output: ""`;
    throw new NaruError('not-found', 'E_GIT_REF', message);
  }
  throw new NaruError('unavailable', 'E_GIT', `failed to fetch remote ${remote}: ${shallow.stderr.trim()}`);
}

async function subdirectoryOf(folder: string, subdirectory: string): Promise<string> {
  const parts = subdirectory.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0) return folder;
  const path = parts.join('/');
  const real = await fs.realpath(join(folder, path)).catch(() => undefined);
  if (parts.includes('..') || real === undefined || !real.startsWith(`${await fs.realpath(folder)}/`)) {
    const why = `failed to lstat "${path}": statat ${path}: no such file or directory`;
    throw new NaruError('not-found', 'E_GIT_SUBDIRECTORY', `invalid subdir /${path}: ${why}`);
  }
  return real;
}

type GitResult = Awaited<ReturnType<typeof execStatus>>;

function git(argv: readonly string[], folder: string, signal: AbortSignal): Promise<GitResult> {
  return execStatus(['git', '-c', 'protocol.ext.allow=never', ...argv], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      SSH_AUTH_SOCK: process.env['SSH_AUTH_SOCK'],
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      GIT_CEILING_DIRECTORIES: join(folder, '..'),
    },
    signal,
  });
}

async function must(running: Promise<GitResult>, what: string, { remote }: GitRequest): Promise<void> {
  const { exitCode, stderr } = await running;
  if (exitCode === 0) return;
  throw new NaruError('unavailable', 'E_GIT', `cannot ${what} ${remote}: ${stderr.trim()}`);
}

async function exists(path: string): Promise<boolean> {
  return fs.lstat(path).then(
    () => true,
    () => false,
  );
}
