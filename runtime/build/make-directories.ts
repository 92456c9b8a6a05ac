/** `mkdir -p` inside a root: symlinks on the way are followed as after chroot(2), what is made gets the given mode (0755) and owner. */

import * as fs from 'node:fs';

import { NaruError } from '../../core/errors.ts';
import { type ResolvedPath, resolveDirectoryInRoot } from '../host/resolve-in-root.ts';
import { lutimens } from '../host/syscalls.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Answers whether anything was made. @throws NaruError "invalid-argument" E_NOT_DIRECTORY when something on the way is not a directory */
export function makeDirectories(
  root: ResolvedPath,
  path: string,
  options: {
    readonly owner: Owner;
    readonly timeNs?: bigint | undefined;
    readonly mode?: number | undefined;
  },
): boolean {
  let isMade = false;
  let at = '/';
  for (const part of path.split('/')) {
    if (part === '') continue;
    const parent = openDirectory(root, at, path);
    try {
      if (makeOne(`${parent.path}/${part}`, options)) isMade = true;
    } finally {
      parent.close();
    }
    at = `${at}${part}/`;
  }
  // A link to nowhere, or a file, is told here.
  openDirectory(root, path === '' ? '/' : path, path).close();
  return isMade;
}

/** Docker: a file at the end of the path is met by mkdir, one on the way by lstat. */
function openDirectory(root: ResolvedPath, at: string, path: string): ResolvedPath {
  try {
    return resolveDirectoryInRoot(root, at, 'in-root');
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOTDIR')) throw cause;
    const isLast = at.replace(/\/$/, '') === path.replace(/\/$/, '');
    const message = `${isLast ? 'mkdir' : 'lstat'} ${path.replace(/(.)\/$/, '$1')}: not a directory`;
    throw new NaruError('invalid-argument', 'E_NOT_DIRECTORY', message, { cause });
  }
}

function makeOne(
  target: string,
  {
    owner,
    timeNs,
    mode,
  }: { readonly owner: Owner; readonly timeNs?: bigint | undefined; readonly mode?: number | undefined },
): boolean {
  if (fs.lstatSync(target, { throwIfNoEntry: false }) !== undefined) return false;
  fs.mkdirSync(target);
  fs.lchownSync(target, owner.uid, owner.gid);
  fs.chmodSync(target, mode ?? 0o755);
  if (timeNs !== undefined) lutimens(target, timeNs);
  return true;
}
