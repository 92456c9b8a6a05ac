/** A directory as data, read with lstat and nothing of ours but the attributes, to compare what snapshots show. */

import { createHash } from 'node:crypto';
import * as fs from 'node:fs';

import { comparePaths, decodePath, encodePath } from '../../core/tar/path-bytes.ts';
import { lgetxattr, llistxattr } from '../../runtime/host/syscalls.ts';

export interface Listed {
  readonly path: string;
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly rdev: bigint;
  /** Hash of a file, target of a link. */
  readonly content: string;
  /** Path of the first file with the same inode. */
  readonly linkedTo: string;
  readonly xattrs: Readonly<Record<string, string>>;
}

/** The root first, then depth first in byte order. */
export function listing(root: string): readonly Listed[] {
  const found: Listed[] = [];
  const inodes = new Map<bigint, string>();
  visit(root, '', found, inodes);
  return found;
}

function visit(root: string, path: string, found: Listed[], inodes: Map<bigint, string>): void {
  const at = Buffer.concat([Buffer.from(`${root}/`), encodePath(path)]);
  const stats = fs.lstatSync(at, { bigint: true });
  const isLinked = stats.nlink > 1n && !stats.isDirectory();
  const linkedTo = isLinked ? (inodes.get(stats.ino) ?? path) : '';
  if (isLinked) inodes.set(stats.ino, linkedTo);
  found.push({
    path,
    type: (Number(stats.mode) & fs.constants.S_IFMT).toString(8),
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    size: stats.isFile() ? Number(stats.size) : 0,
    // Times of the root of a snapshot are of no layer.
    mtimeNs: path === '' ? 0n : stats.mtimeNs,
    rdev: stats.rdev,
    content: contentOf(at, stats),
    linkedTo,
    xattrs: xattrsOf(at),
  });
  if (!stats.isDirectory()) return;
  const names = fs.readdirSync(at, { encoding: 'buffer' }).map((name) => decodePath(name));
  for (const name of names.sort(comparePaths))
    visit(root, path === '' ? name : `${path}/${name}`, found, inodes);
}

function contentOf(at: Buffer, stats: fs.BigIntStats): string {
  if (stats.isSymbolicLink()) return decodePath(fs.readlinkSync(at, { encoding: 'buffer' }));
  return stats.isFile() ? createHash('sha256').update(fs.readFileSync(at)).digest('hex') : '';
}

function xattrsOf(at: Buffer): Readonly<Record<string, string>> {
  const names = llistxattr(at).filter((name) => !name.includes('.overlay.'));
  return Object.fromEntries(
    names.map((name) => [name, Buffer.from(lgetxattr(at, name) ?? []).toString('hex')]),
  );
}
