/** ADD of a local tar archive: its members below the destination, as `tar -x` by root would write them. Members that leave the destination are refused. */

import * as fs from 'node:fs';
import { open } from 'node:fs/promises';

import { NaruError } from '../../core/errors.ts';
import type { TarEntry } from '../../core/tar/entry.ts';
import { readTar, type TarMember } from '../../local/tar/reader.ts';
import {
  openRoot,
  type ResolvedPath,
  resolveDirectoryInRoot,
  resolveLinkInRoot,
} from '../host/resolve-in-root.ts';
import { linkNoFollow, lsetxattr, lutimens, mknod } from '../host/syscalls.ts';
import { openArchiveFile } from './decompress-archive.ts';
import { makeDirectories, type Owner } from './make-directories.ts';

export interface Unpacking {
  /** Mounted root directory. */
  readonly root: string;
  /** Absolute in the root. */
  readonly destination: string;
  /** An uncompressed tar. */
  readonly source: AsyncIterable<Uint8Array>;
  /** Replaces the owners in the archive. */
  readonly owner?: Owner;
  readonly timeNs?: bigint;
  readonly signal: AbortSignal;
}

/** Whether the file starts as a tar archive, looking through compression. */
export async function isArchive(path: string | Buffer): Promise<boolean> {
  try {
    for await (const { entry } of readTar(openArchiveFile(path))) return entry.path !== '';
  } catch {
    return false;
  }
  return false;
}

/** @throws NaruError "invalid-argument" for a broken archive or a member that leaves the destination */
export async function unpackArchive(unpacking: Unpacking): Promise<void> {
  const root = openRoot(unpacking.root);
  try {
    const owner = unpacking.owner ?? { uid: 0, gid: 0 };
    makeDirectories(root, unpacking.destination, { owner, timeNs: unpacking.timeNs });
    const base = resolveDirectoryInRoot(root, unpacking.destination, 'in-root');
    try {
      await unpackInto(base, unpacking);
    } finally {
      base.close();
    }
  } finally {
    root.close();
  }
}

async function unpackInto(base: ResolvedPath, unpacking: Unpacking): Promise<void> {
  const directories: TarEntry[] = [];
  for await (const member of readTar(unpacking.source, unpacking.signal)) {
    const path = cleanMember(member.entry.path);
    if (path === '') continue;
    await unpackMember(base, path, member, unpacking);
    if (member.entry.kind === 'dir') directories.push({ ...member.entry, path });
  }
  for (const entry of directories.toReversed()) {
    const directory = resolveDirectoryInRoot(base, entry.path, 'beneath');
    lutimens(`${directory.path}/.`, unpacking.timeNs ?? entry.mtimeNs);
    directory.close();
  }
}

/** Relative, without `.`; `..` is refused. */
function cleanMember(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) {
    throw new NaruError(
      'invalid-argument',
      'E_ARCHIVE_PATH',
      `archive member ${JSON.stringify(path)} leaves its root`,
    );
  }
  return parts.join('/');
}

async function unpackMember(
  base: ResolvedPath,
  path: string,
  { entry, content }: TarMember,
  unpacking: Unpacking,
): Promise<void> {
  const slash = path.lastIndexOf('/');
  const parentPath = slash < 0 ? '' : path.slice(0, slash);
  makeDirectories(base, parentPath, { owner: unpacking.owner ?? { uid: 0, gid: 0 } });
  const parent = resolveDirectoryInRoot(base, parentPath === '' ? '.' : parentPath, 'beneath');
  try {
    const target = `${parent.path}/${path.slice(slash + 1)}`;
    const existing = fs.lstatSync(target, { throwIfNoEntry: false });
    if (existing !== undefined && !(existing.isDirectory() && entry.kind === 'dir')) {
      fs.rmSync(target, { recursive: true, force: true });
    }
    if (entry.kind === 'hardlink') {
      const linked = resolveLinkInRoot(base, cleanMember(entry.linkTarget ?? ''), 'beneath');
      linkNoFollow(fs.readlinkSync(linked.path), target);
      linked.close();
      // Docker: the header of the link counts for the file, and so for all its names (dockerd 28.5.2).
      stampMember(target, entry, unpacking);
      return;
    }
    await makeMember(target, entry, content);
    stampMember(target, entry, unpacking);
  } finally {
    parent.close();
  }
}

async function makeMember(
  target: string,
  entry: TarEntry,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  switch (entry.kind) {
    case 'dir':
      if (fs.lstatSync(target, { throwIfNoEntry: false }) === undefined) fs.mkdirSync(target);
      return;
    case 'symlink':
      fs.symlinkSync(entry.linkTarget ?? '', target);
      return;
    case 'file': {
      const file = await open(target, 'wx', 0o600);
      try {
        for await (const chunk of content) await file.writeFile(chunk);
      } finally {
        await file.close();
      }
      return;
    }
    case 'char-device':
    case 'block-device':
    case 'fifo': {
      const type = {
        'char-device': fs.constants.S_IFCHR,
        'block-device': fs.constants.S_IFBLK,
        fifo: fs.constants.S_IFIFO,
      };
      mknod(target, type[entry.kind] | 0o600, entry.device?.major ?? 0, entry.device?.minor ?? 0);
      return;
    }
    case 'hardlink':
      return;
  }
}

function stampMember(target: string, entry: TarEntry, { owner, timeNs }: Unpacking): void {
  const { uid, gid } = owner ?? entry;
  fs.lchownSync(target, uid, gid);
  // A link to a symbolic link is one, and what that leads to is not the archive's.
  if (!fs.lstatSync(target).isSymbolicLink()) fs.chmodSync(target, entry.mode & 0o7777);
  for (const [name, value] of entry.xattrs ?? []) lsetxattr(target, name, value);
  if (entry.kind !== 'dir') lutimens(target, timeNs ?? entry.mtimeNs);
}
