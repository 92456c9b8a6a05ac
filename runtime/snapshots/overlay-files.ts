/**
 * How overlayfs writes deletions into an upper directory, and how directories of several layers merge without mounting them.
 * Follows Documentation/filesystems/overlayfs.rst §"whiteouts and opaque directories" of the kernel. Layer directories are the engine's own and never change, so plain paths are safe;
 * no symbolic link is ever followed here.
 */

import type { BigIntStats, Stats } from 'node:fs';
import * as fs from 'node:fs';

import { lgetxattr, lsetxattr, mknod } from '../host/syscalls.ts';
import { comparePaths, decodePath, encodePath, hasRawBytes } from '../../core/tar/path-bytes.ts';

/** `trusted` needs root; inside a user namespace overlayfs is mounted with `userxattr` and uses `user`. */
export type XattrNamespace = 'trusted' | 'user';

export function isWhiteout(stats: Stats | BigIntStats): boolean {
  return stats.isCharacterDevice() && Number(stats.rdev) === 0;
}

export function makeWhiteout(path: string | Buffer): void {
  mknod(path, fs.constants.S_IFCHR, 0, 0);
}

export function isOpaque(directory: string | Buffer, namespace: XattrNamespace): boolean {
  const value = lgetxattr(directory, `${namespace}.overlay.opaque`);
  return value?.length === 1 && value[0] === 0x79;
}

export function makeOpaque(directory: string | Buffer, namespace: XattrNamespace): void {
  lsetxattr(directory, `${namespace}.overlay.opaque`, Buffer.from('y'));
}

/** True for attributes that steer overlayfs and so never enter or leave a layer as data. */
export function isOverlayXattr(name: string): boolean {
  return name.startsWith('trusted.overlay.') || name.startsWith('user.overlay.');
}

/** Path of a file in a directory, as bytes where the name is not UTF-8. */
export function joinPath(directory: string | Buffer, name: string): string | Buffer {
  if (typeof directory === 'string' && !hasRawBytes(name)) return `${directory}/${name}`;
  return Buffer.concat([Buffer.from(directory), Buffer.from('/'), encodePath(name)]);
}

/** A name as node:fs and system calls take it: bytes where it is not UTF-8. */
export function systemPath(name: string): string | Buffer {
  return hasRawBytes(name) ? Buffer.from(encodePath(name)) : name;
}

/** Names in a directory in byte order. */
export function listDirectory(directory: string | Buffer): readonly string[] {
  const names = fs.readdirSync(directory, { encoding: 'buffer' }).map((name) => decodePath(name));
  return names.sort(comparePaths);
}

/** lstat; undefined when the file, or a directory on the way, does not exist. */
export function lstatIfPresent(path: string | Buffer): Stats | undefined {
  return fs.lstatSync(path, { throwIfNoEntry: false });
}

/** The same directory in each layer that shows through, topmost first; what overlayfs calls a merged directory. */
export interface MergedDirectory {
  readonly layers: readonly (string | Buffer)[];
}

/** One file of a merged directory. `directory` is given for directories. */
export interface MergedChild {
  readonly name: string;
  /** Where the visible one lies on the host. */
  readonly path: string | Buffer;
  readonly stats: BigIntStats;
  readonly directory?: MergedDirectory;
}

/** The visible file of that name; undefined when there is none or a layer deleted it. */
export function mergedChild(
  parent: MergedDirectory,
  name: string,
  namespace: XattrNamespace,
): MergedChild | undefined {
  let top: { path: string | Buffer; stats: BigIntStats } | undefined;
  const layers: (string | Buffer)[] = [];
  for (const layer of parent.layers) {
    const path = joinPath(layer, name);
    const stats = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) continue;
    if (isWhiteout(stats)) break;
    top ??= { path, stats };
    if (!stats.isDirectory()) break;
    layers.push(path);
    if (isOpaque(path, namespace)) break;
  }
  if (top === undefined) return undefined;
  return { name, ...top, ...(top.stats.isDirectory() ? { directory: { layers } } : {}) };
}

/** All visible files, in byte order of their names. */
export function mergedChildren(parent: MergedDirectory, namespace: XattrNamespace): readonly MergedChild[] {
  const names = new Set(parent.layers.flatMap((layer) => listDirectory(layer)));
  const children: MergedChild[] = [];
  for (const name of [...names].sort(comparePaths)) {
    const child = mergedChild(parent, name, namespace);
    if (child !== undefined) children.push(child);
  }
  return children;
}

/** The visible directory at a slash-separated path, without following links; undefined when there is none. */
export function mergedDirectoryAt(
  root: MergedDirectory,
  path: string,
  namespace: XattrNamespace,
): MergedDirectory | undefined {
  let current: MergedDirectory | undefined = root;
  for (const name of path.split('/').filter((part) => part !== '')) {
    current = current === undefined ? undefined : mergedChild(current, name, namespace)?.directory;
  }
  return current;
}
