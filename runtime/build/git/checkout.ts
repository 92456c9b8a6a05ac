/** A git repository's files at one commit: one commit deep where the server allows it, with its submodules. */

import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';

import { resolvePath } from '../../../core/build/unix-path.ts';
import { NaruError } from '../../../core/errors.ts';
import { type GitAccess, git, gitFailure, withoutPasswords } from './command.ts';
import type { GitPlace } from './refs.ts';

export interface GitRequest extends GitPlace {
  /** What `ref` stands for (`resolveRef`). */
  readonly commit: string;
  /** '' is all of it. */
  readonly subdirectory: string;
  readonly keepsGitDirectory: boolean;
}

/** Answers the directory that holds the files, below `directory`, where a folder is made for it. @throws NaruError in BuildKit's words */
export async function checkOutGit(
  request: GitRequest,
  directory: string,
  access: GitAccess,
): Promise<string> {
  const folder = join(directory, randomUUID());
  await fs.mkdir(folder, { recursive: true });
  const { commit, remote } = request;
  await git(['init', '-q', folder], folder, access);
  // Submodules may be named relative to it.
  await git(['remote', 'add', 'origin', remote], folder, access);
  await fetchCommit(request, folder, access);
  const out = await git(['checkout', '-q', '--detach', commit], folder, access);
  if (out.exitCode !== 0) throw gitFailure(`failed to checkout remote ${withoutPasswords(remote)}`, out);
  if (await exists(join(folder, '.gitmodules'))) {
    const argv = ['submodule', 'update', '-q', '--init', '--recursive', '--depth=1'];
    const updated = await git(argv, folder, access);
    if (updated.exitCode !== 0) {
      throw gitFailure(`failed to update submodules for ${withoutPasswords(remote)}`, updated);
    }
  }
  if (request.keepsGitDirectory) await forgetPassword(remote, folder, access);
  else await fs.rm(join(folder, '.git'), { recursive: true, force: true });
  return subdirectoryOf(folder, request.subdirectory);
}

/** Tries what costs least first: the ref alone, the commit alone, everything. */
async function fetchCommit(
  { remote, ref, commit }: GitRequest,
  folder: string,
  access: GitAccess,
): Promise<void> {
  const shallow = ['fetch', '-q', '--no-tags', '--depth=1', '--', 'origin'];
  const tries = [
    [...shallow, ref === '' ? 'HEAD' : ref],
    [...shallow, commit],
    ['fetch', '-q', '--', 'origin', '+refs/*:refs/fetched/*'],
  ];
  let failed: Awaited<ReturnType<typeof git>> | undefined;
  for (const argv of tries) {
    const fetched = await git(argv, folder, access);
    if (fetched.exitCode !== 0) failed = fetched;
    const known = await git(['cat-file', '-e', `${commit}^{commit}`], folder, access);
    if (known.exitCode === 0) return;
  }
  if (failed !== undefined) throw gitFailure(`failed to checkout remote ${withoutPasswords(remote)}`, failed);
}

async function forgetPassword(remote: string, folder: string, access: GitAccess): Promise<void> {
  const plain = remote.replace(/^(\w+:\/\/)[^/@]*:[^/@]*@/, '$1');
  if (plain !== remote) await git(['remote', 'set-url', 'origin', plain], folder, access);
}

/** No link on the way is followed, as in BuildKit. */
async function subdirectoryOf(folder: string, subdirectory: string): Promise<string> {
  const path = resolvePath('/', subdirectory);
  let at = folder;
  for (const part of path.split('/').filter((name) => name !== '')) {
    at = join(at, part);
    const found = await fs.lstat(at).catch(() => undefined);
    if (found?.isDirectory() === true) continue;
    const name = at.slice(folder.length + 1);
    const why =
      found === undefined
        ? `failed to lstat "${name}": statat ${name}: no such file or directory`
        : `git subpath "${path}" contains non-directory "${name}"`;
    throw new NaruError('not-found', 'E_GIT_SUBDIRECTORY', `invalid subdir ${path}: ${why}`);
  }
  return at;
}

async function exists(path: string): Promise<boolean> {
  return fs.lstat(path).then(
    () => true,
    () => false,
  );
}
