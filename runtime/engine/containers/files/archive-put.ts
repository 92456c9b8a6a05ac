/** `docker cp` into a container: extracts an archive below a directory of it; nothing is ever written outside its root. */

import * as fs from 'node:fs';
import { constants } from 'node:fs';
import { dirname, posix } from 'node:path';
import type { Readable } from 'node:stream';

import { NaruError } from '../../../../core/errors.ts';
import type { TarEntry } from '../../../../core/tar/entry.ts';
import { errorCode } from '../../../../local/error-code.ts';
import { decompressed } from '../../../../local/tar/decompress.ts';
import { readTar, type TarMember } from '../../../../local/tar/reader.ts';
import { resolveDirectoryInRoot, type ResolvedPath } from '../../../host/resolve-in-root.ts';
import { linkNoFollow, lsetxattr, lutimens, mknod } from '../../../host/syscalls.ts';
import { resolveUser } from '../../../oci-runtime/users.ts';
import type { ContainerEntry } from '../container-entry.ts';
import { publishContainer } from '../container-events.ts';
import type { ContainerParts } from '../parts.ts';
import type { ArchivePutOptions } from '../requests.ts';
import { clean } from '../create/mount-requests.ts';
import { ETC_FILES } from '../run/etc-files.ts';
import { readUserFiles } from '../run/rootfs.ts';
import { isMissing } from './archive.ts';
import { withContainerPath } from './container-root.ts';
import { join } from './tree-members.ts';

interface Target {
  readonly root: ResolvedPath;
  /** The directory to extract in, absolute below the root. */
  readonly directory: string;
  /** The same as the container sees it. */
  readonly place: string;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  readonly noOverwriteDirNonDir: boolean;
  /** Where the container has mounts, as it sees them. */
  readonly mountPoints: ReadonlySet<string>;
}

/** @throws not-found, invalid-argument, forbidden in Docker's words */
export async function archivePut(
  parts: ContainerParts,
  entry: ContainerEntry,
  path: string,
  tar: Readable,
  options: ArchivePutOptions,
): Promise<void> {
  await withContainerPath(parts, entry, path, async (place) => {
    checkDirectory(place.root, place.path, path, entry);
    if (place.readOnlyReason !== undefined) {
      throw new NaruError('forbidden', 'E_READ_ONLY', place.readOnlyReason);
    }
    const user = entry.record.config.user ?? '';
    const owner =
      options.copyUidGid && user !== '' ? resolveUser(user, [], readUserFiles(place.root.path)) : undefined;
    const { noOverwriteDirNonDir } = options;
    const mountPoints = new Set(entry.record.mounts.map(({ destination }) => destination));
    if (entry.isRunning) for (const path of ETC_FILES) mountPoints.add(path);
    const { root } = place;
    const directory = clean(place.path);
    const target = { root, directory, place: clean(path), owner, noOverwriteDirNonDir, mountPoints };
    const times = new Map<string, bigint>();
    for await (const member of readTar(decompressed(tar), options.signal)) {
      await extract(target, member, times).catch((error: unknown) => {
        throw refused(member.entry, error);
      });
    }
    for (const [name, mtimeNs] of times) withParent(target, name, (at) => lutimens(at, mtimeNs));
  });
  publishContainer(parts.events, entry, 'extract-to-dir', { path });
}

function checkDirectory(root: ResolvedPath, inside: string, path: string, entry: ContainerEntry): void {
  try {
    resolveDirectoryInRoot(root, inside, 'in-root').close();
  } catch (error) {
    if (errorCode(error) === 'ENOTDIR') {
      throw new NaruError('invalid-argument', 'E_NOT_DIRECTORY', 'extraction point is not a directory');
    }
    if (!isMissing(error)) throw error;
    const message = `Could not find the file ${path} in container ${entry.record.name}`;
    throw new NaruError('not-found', 'E_NO_SUCH_PATH', message);
  }
}

/** What stands in a member's way is in the archive or in the container; everything else is ours. */
function refused(entry: TarEntry, error: unknown): unknown {
  const code = errorCode(error);
  const reason = REASONS[code];
  if (error instanceof NaruError || reason === undefined) return error;
  const message = `cannot extract ${JSON.stringify(entry.path)}: ${reason}`;
  return new NaruError('invalid-argument', 'E_EXTRACT', message, { cause: error });
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'a directory on its way is a file or a dangling link',
  ENOTDIR: 'a directory on its way is a file',
  ELOOP: 'links on its way lead in a circle',
  ENOENT: 'what it links to does not exist',
  EXDEV: 'what it links to is on another file system',
  EPERM: 'the file system does not allow it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on device',
};

async function extract(target: Target, member: TarMember, times: Map<string, bigint>): Promise<void> {
  const { entry } = member;
  // Docker: a member that points above the directory is refused, not clamped to it.
  if (posix.normalize(entry.path).startsWith('../')) {
    const message = `cannot extract ${JSON.stringify(entry.path)}: it points outside the directory`;
    throw new NaruError('invalid-argument', 'E_EXTRACT', message);
  }
  const name = clean(entry.path);
  if (name === '/') return;
  const parent = openParent(target, name);
  try {
    const at = join(parent.path, lastPart(name));
    const isKept = makeRoom(target, parent, name, entry);
    if (entry.kind === 'dir') {
      if (!isKept) fs.mkdirSync(at);
      times.set(name, entry.mtimeNs);
    } else if (entry.kind === 'file') {
      await writeContent(at, member.content);
    } else {
      makeSpecial(target, at, entry);
    }
    if (entry.kind === 'hardlink') return;
    setAttributes(target, at, entry);
  } finally {
    parent.close();
  }
}

/** Removes what is in the way; true when an existing directory stays. */
function makeRoom(target: Target, parent: ResolvedPath, name: string, entry: TarEntry): boolean {
  const at = join(parent.path, lastPart(name));
  const place = clean(`${target.place}/${name}`);
  const stats = fs.lstatSync(at, { throwIfNoEntry: false });
  const isDirectory = entry.kind === 'dir';
  // Removing a mount point would take the mount away from the container (unlink(2) does, from outside its mount namespace).
  if (target.mountPoints.has(place) && !(isDirectory && stats?.isDirectory() !== false)) {
    const message = `unlinkat ${place}: device or resource busy`;
    throw new NaruError('invalid-argument', 'E_MOUNT_POINT', message, {
      hint: 'something is mounted there: change its source, or write into the file with exec',
    });
  }
  if (stats === undefined) return false;
  if (stats.isDirectory() && isDirectory) return true;
  if (target.noOverwriteDirNonDir && stats.isDirectory() !== isDirectory) {
    const [old, made] = isDirectory ? ['non-directory', 'directory'] : ['directory', 'non-directory'];
    const message = `cannot overwrite ${old} "${entry.path}" with ${made} "${entry.path}"`;
    throw new NaruError('invalid-argument', 'E_OVERWRITE', message);
  }
  fs.rmSync(at, { recursive: true });
  return false;
}

async function writeContent(at: string | Buffer, content: AsyncIterable<Uint8Array>): Promise<void> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const fd = fs.openSync(at, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    for await (const chunk of content) {
      for (let done = 0; done < chunk.length; ) done += fs.writeSync(fd, chunk, done);
    }
  } finally {
    fs.closeSync(fd);
  }
}

function makeSpecial(target: Target, at: string | Buffer, entry: TarEntry): void {
  switch (entry.kind) {
    case 'symlink':
      fs.symlinkSync(entry.linkTarget ?? '', at);
      return;
    case 'hardlink':
      withParent(target, clean(entry.linkTarget ?? ''), (existing) => linkNoFollow(existing, at));
      return;
    case 'fifo':
      mknod(at, constants.S_IFIFO | 0o600, 0, 0);
      return;
    case 'char-device':
    case 'block-device': {
      const type = entry.kind === 'char-device' ? constants.S_IFCHR : constants.S_IFBLK;
      mknod(at, type | 0o600, entry.device?.major ?? 0, entry.device?.minor ?? 0);
      return;
    }
    case 'dir':
    case 'file':
      return;
  }
}

function setAttributes(target: Target, at: string | Buffer, entry: TarEntry): void {
  const { uid, gid } = target.owner ?? entry;
  fs.lchownSync(at, uid, gid);
  if (entry.kind !== 'symlink') fs.chmodSync(at, entry.mode);
  for (const [name, value] of entry.xattrs ?? []) lsetxattr(at, name, value);
  lutimens(at, entry.mtimeNs);
}

/** The directory of a member, made when the archive does not bring it. */
function openParent(target: Target, name: string): ResolvedPath {
  const wanted = dirname(name);
  try {
    return resolveDirectoryInRoot(target.root, `${target.directory}/${wanted}`, 'in-root');
  } catch (error) {
    if (!isMissing(error) || wanted === '/') throw error;
  }
  const above = openParent(target, wanted);
  try {
    fs.mkdirSync(join(above.path, lastPart(wanted)), { mode: 0o755 });
  } finally {
    above.close();
  }
  return resolveDirectoryInRoot(target.root, `${target.directory}/${wanted}`, 'in-root');
}

function withParent(target: Target, name: string, work: (at: string | Buffer) => void): void {
  const parent = openParent(target, name);
  try {
    work(join(parent.path, lastPart(name)));
  } finally {
    parent.close();
  }
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
