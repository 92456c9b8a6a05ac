/**
 * Fills a fresh volume with what the image has at the place it is mounted on, as Docker does: content, owners, modes, times, links, devices, attributes.
 * Hard links within the tree become copies.
 */

import { constants, type Stats } from 'node:fs';
import { chmod, copyFile, lchown, lstat, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { isErrorKind } from '../../../core/errors.ts';
import { errorCode } from '../../../local/error-code.ts';
import { openRoot, resolveDirectoryInRoot, type ResolvedPath } from '../../host/resolve-in-root.ts';
import { deviceNumbers, lgetxattr, llistxattr, lsetxattr, lutimens, mknod } from '../../host/syscalls.ts';

/**
 * Copies `destination` of the image mounted at `rootfs` into `volume` when that is empty.
 * Nothing happens when the image has no directory there.
 */
export async function copyUp(rootfs: string, destination: string, volume: string): Promise<void> {
  if ((await readdir(volume)).length > 0) return;
  const root = openRoot(rootfs);
  try {
    const source = findDirectory(root, destination);
    if (source === undefined) return;
    try {
      await copyDirectory(source.path + '/.', volume);
    } finally {
      source.close();
    }
  } finally {
    root.close();
  }
}

function findDirectory(root: ResolvedPath, path: string): ResolvedPath | undefined {
  try {
    return resolveDirectoryInRoot(root, path, 'in-root');
  } catch (error) {
    if (isErrorKind(error, 'invalid-argument')) return undefined;
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** `to` exists; it takes over everything of `from`. */
async function copyDirectory(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) {
    const source = join(from, name);
    const target = join(to, name);
    const stat = await lstat(source);
    if (stat.isDirectory()) {
      await mkdir(target);
      await copyDirectory(source, target);
    } else {
      await copyEntry(source, target, stat);
      await copyAttributes(source, target, stat);
    }
  }
  // After the content, because writing into a directory changes its times.
  await copyAttributes(from, to, await lstat(from));
}

async function copyEntry(from: string, to: string, stat: Stats): Promise<void> {
  if (stat.isSymbolicLink()) await symlink(await readlink(from), to);
  else if (stat.isFile()) await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  else {
    const { major, minor } = deviceNumbers(stat.rdev);
    mknod(to, stat.mode, major, minor);
  }
}

async function copyAttributes(from: string, to: string, stat: Stats): Promise<void> {
  await lchown(to, stat.uid, stat.gid);
  if (!stat.isSymbolicLink()) await chmod(to, stat.mode & 0o7777);
  for (const name of llistxattr(from)) {
    // Overlay's own bookkeeping and labels of the machine are not content.
    if (name.startsWith('trusted.') || name === 'security.selinux') continue;
    const value = lgetxattr(from, name);
    if (value !== undefined) lsetxattr(to, name, value);
  }
  lutimens(to, BigInt(Math.round(stat.mtimeMs * 1000)) * 1000n);
}
