/** Small reads and writes inside a container's root file system; paths never leave it. */

import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { isErrorKind, NaruError } from '../../../../core/errors.ts';
import { errorCode, isGone } from '../../../../local/error-code.ts';
import {
  openRoot,
  resolveDirectoryInRoot,
  resolveInRoot,
  type ResolvedPath,
} from '../../../host/resolve-in-root.ts';
import type { UserMount } from '../../../oci-runtime/mounts.ts';
import type { UserFiles } from '../../../oci-runtime/users.ts';
import { ETC_FILES } from './etc-files.ts';

const MAX_USER_FILE_BYTES = 4 * 1024 * 1024;

/** /etc/passwd and /etc/group; '' for what is not there or not a plain file. */
export function readUserFiles(rootfs: string): UserFiles {
  const root = openRoot(rootfs);
  try {
    return { passwd: readSmallFile(root, '/etc/passwd'), group: readSmallFile(root, '/etc/group') };
  } finally {
    root.close();
  }
}

/** Makes the working directory (and its parents, as root's) when the image lacks it. @throws invalid-argument in Docker's words where something else stands there */
export function ensureWorkingDirectory(rootfs: string, path: string): void {
  try {
    ensureDirectory(rootfs, path);
    const root = openRoot(rootfs);
    try {
      resolveDirectoryInRoot(root, path, 'in-root').close();
    } finally {
      root.close();
    }
  } catch (cause) {
    if (errorCode(cause) !== 'ENOTDIR') throw cause;
    const message = `Cannot mkdir: ${path} is not a directory`;
    throw new NaruError('invalid-argument', 'E_WORKDIR', message, { cause });
  }
}

function ensureDirectory(rootfs: string, path: string): void {
  const root = openRoot(rootfs);
  try {
    let current = '';
    for (const part of path.split('/').filter((name) => name !== '')) {
      const parent = resolveDirectoryInRoot(root, current === '' ? '/' : current, 'in-root');
      current += `/${part}`;
      try {
        if (!exists(root, current)) mkdirSync(`${parent.path}/${part}`, { mode: 0o755 });
      } finally {
        parent.close();
      }
    }
  } finally {
    root.close();
  }
}

/**
 * Makes what mounts land on, as Docker does: directories, and empty files for files, with mode 0755. crun would make directories sticky and files 0700.
 * Where that fails, crun says why.
 */
export function makeMountPoints(rootfs: string, mounts: readonly UserMount[]): void {
  for (const { destination, source, type } of mounts) {
    if (/^\/(?:dev|proc|sys)(?:\/|$)/.test(destination) || ETC_FILES.includes(destination)) continue;
    const isFile = type === 'bind' && statSync(source, { throwIfNoEntry: false })?.isDirectory() === false;
    try {
      ensureDirectory(rootfs, isFile ? dirname(destination) : destination);
      if (isFile) makeFile(rootfs, destination);
    } catch (error) {
      if (!isErrorKind(error, 'invalid-argument') && errorCode(error) === undefined) throw error;
    }
  }
}

function makeFile(rootfs: string, path: string): void {
  const root = openRoot(rootfs);
  try {
    if (exists(root, path)) return;
    const parent = resolveDirectoryInRoot(root, dirname(path), 'in-root');
    try {
      writeFileSync(join(parent.path, basename(path)), '', { flag: 'wx', mode: 0o755 });
    } finally {
      parent.close();
    }
  } finally {
    root.close();
  }
}

/** Docker: programs look for this file to see that they are in a container. */
export function markAsContainer(rootfs: string): void {
  try {
    writeFileSync(`${rootfs}/.dockerenv`, '', { flag: 'wx', mode: 0o755 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

function readSmallFile(root: ResolvedPath, path: string): string {
  const found = tryResolve(root, path);
  if (found === undefined) return '';
  try {
    // O_NONBLOCK: a FIFO in the image must not hang the engine.
    const fd = openSync(found.path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(fd);
      return stat.isFile() && stat.size <= MAX_USER_FILE_BYTES ? readFileSync(fd, 'utf8') : '';
    } finally {
      closeSync(fd);
    }
  } finally {
    found.close();
  }
}

function exists(root: ResolvedPath, path: string): boolean {
  const found = tryResolve(root, path);
  found?.close();
  return found !== undefined;
}

function tryResolve(root: ResolvedPath, path: string): ResolvedPath | undefined {
  try {
    return resolveInRoot(root, path, 'in-root');
  } catch (error) {
    if (isErrorKind(error, 'invalid-argument') || isGone(error)) return undefined;
    throw error;
  }
}
