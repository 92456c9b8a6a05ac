/**
 * `mkdir -p` inside a root: symlinks on the way are followed as after chroot(2), also to where nothing is yet.
 * What is made gets the given mode (0755) and owner; a setgid directory hands its group down, as the kernel does it.
 */

import * as fs from 'node:fs';

import { resolvePath } from '../../core/build/unix-path.ts';
import { NaruError } from '../../core/errors.ts';
import { errorCode } from '../../local/error-code.ts';
import type { ResolvedPath } from '../host/resolve-in-root.ts';
import { lutimens } from '../host/syscalls.ts';
import { mountedFiles, type OpenDirectory, type RootFiles } from '../snapshots/root-files.ts';

/** Numbers as the root's users see them. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Of directories that are made. */
export interface DirectoryAttributes {
  readonly owner: Owner;
  /** Modification time, in nanoseconds since the epoch; absent: now. */
  readonly timeNs?: bigint | undefined;
  /** Absent: 0755. */
  readonly mode?: number | undefined;
}

/** In a mounted root; otherwise as `makeDirectoriesIn`. */
export function makeDirectories(root: ResolvedPath, path: string, attributes: DirectoryAttributes): boolean {
  return makeDirectoriesIn(mountedFiles(root), path, attributes);
}

/** Answers whether anything was made. @throws NaruError "invalid-argument" E_NOT_DIRECTORY when something on the way is not a directory, E_END_NOT_DIRECTORY when the end isn't, E_LINKS */
export function makeDirectoriesIn(root: RootFiles, path: string, attributes: DirectoryAttributes): boolean {
  let isMade = false;
  let at = '/';
  let nLinks = 0;
  const rest = namesOf(path);
  for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
    const parent = openDirectory(root, at, path);
    try {
      const link = linkToNothing(root, parent, at, part);
      if (link === undefined) {
        if (makeOne(parent, part, attributes)) isMade = true;
        at = `${at}${part}/`;
        continue;
      }
      if ((nLinks += 1) > MAX_LINKS) throw tooManyLinks();
      rest.unshift(...namesOf(resolvePath(at, link)));
      at = '/';
    } finally {
      parent.close();
    }
  }
  // A link to nowhere, or a file, is told here.
  openDirectory(root, path === '' ? '/' : path, path).close();
  return isMade;
}

/** The path is there, and no directory. */
export const E_END_NOT_DIRECTORY = 'E_END_NOT_DIRECTORY';

/** As in github.com/containerd/continuity/fs. */
export const MAX_LINKS = 255;

function namesOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

/** What a link says that leads to where nothing is; undefined for everything else. */
function linkToNothing(root: RootFiles, parent: OpenDirectory, at: string, part: string): string | undefined {
  if (parent.kindOf(part) !== 'other') return undefined;
  const target = root.readLink(`${at}${part}`);
  if (target === undefined) return undefined;
  try {
    root.openDirectory(`${at}${part}`).close();
    return undefined;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ELOOP') throw tooManyLinks();
    return code === 'ENOENT' ? target : undefined;
  }
}

export function tooManyLinks(): NaruError {
  return new NaruError('invalid-argument', 'E_LINKS', 'too many links');
}

/** Docker: a file at the end of the path is met by mkdir, one on the way by lstat. */
function openDirectory(root: RootFiles, at: string, path: string): OpenDirectory {
  try {
    return root.openDirectory(at);
  } catch (cause) {
    if (errorCode(cause) !== 'ENOTDIR') throw cause;
    const isLast = at.replace(/\/$/, '') === path.replace(/\/$/, '');
    const message = `${isLast ? 'mkdir' : 'lstat'} ${path.replace(/(.)\/$/, '$1')}: not a directory`;
    const code = isLast ? E_END_NOT_DIRECTORY : 'E_NOT_DIRECTORY';
    throw new NaruError('invalid-argument', code, message, { cause });
  }
}

function makeOne(parent: OpenDirectory, name: string, { owner, timeNs, mode }: DirectoryAttributes): boolean {
  if (name === '.' || name === '..' || parent.kindOf(name) !== undefined) return false;
  const target = parent.pathFor(name);
  fs.mkdirSync(target);
  const { mode: made, gid } = fs.lstatSync(target);
  const handedDown = made & 0o2000;
  const isOwned = owner.uid !== 0 || owner.gid !== 0;
  fs.lchownSync(target, owner.uid, handedDown !== 0 && !isOwned ? gid : owner.gid);
  fs.chmodSync(target, (mode ?? 0o755) | handedDown);
  if (timeNs !== undefined) lutimens(target, timeNs);
  return true;
}
