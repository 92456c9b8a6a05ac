/** `mkdir -p` inside a root: symlinks on the way are followed as after chroot(2), what is made gets the given mode (0755) and owner. */

import * as fs from 'node:fs';

import { type ResolvedPath, resolveDirectoryInRoot } from '../host/resolve-in-root.ts';
import { lutimens } from '../host/syscalls.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Answers whether anything was made. @throws the system call's error when something on the way is not a directory */
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
    const parent = resolveDirectoryInRoot(root, at, 'in-root');
    try {
      if (makeOne(`${parent.path}/${part}`, options)) isMade = true;
    } finally {
      parent.close();
    }
    at = `${at}${part}/`;
  }
  // A link to nowhere, or a file, is told here.
  resolveDirectoryInRoot(root, path === '' ? '/' : path, 'in-root').close();
  return isMade;
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
