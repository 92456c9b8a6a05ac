/**
 * Files of a container as tar members, while the container may be changing them.
 * Every directory is entered through an open descriptor and without following links, so that a swapped link never leads to the host.
 */

import * as fs from 'node:fs';
import { constants } from 'node:fs';

import type { TarEntry } from '../../../../core/tar/entry.ts';
import { decodePath, encodePath, hasRawBytes } from '../../../../core/tar/path-bytes.ts';
import { errorCode } from '../../../../local/error-code.ts';
import type { NewTarMember } from '../../../../local/tar/writer.ts';
import { O } from '../../../host/syscalls.ts';
import { diskMember, fileMember, imageXattrs, type LinkedMembers } from '../../../snapshots/disk-member.ts';
import { isOfKernel } from './runtime-views.ts';

/**
 * The file `at` (whose parent is held open by the caller) and all below it; `name` is its name in the archive.
 * Siblings in byte order; sockets are left out, as Docker does.
 */
export function treeMembers(
  at: string | Buffer,
  name: string,
): AsyncGenerator<NewTarMember, void, undefined> {
  return members(new Map(), at, name);
}

/** Only what is below a directory, named without it; for a whole root file system. */
export function childMembers(directory: string): AsyncGenerator<NewTarMember, void, undefined> {
  return children(new Map(), directory, '');
}

async function* members(
  linked: LinkedMembers,
  at: string | Buffer,
  name: string,
  parentDevice?: bigint,
): AsyncGenerator<NewTarMember, void, undefined> {
  const stats = fs.lstatSync(at, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return;
  const entry = describeIfThere(linked, at, name, stats);
  if (entry === undefined) return;
  if (entry.kind === 'file') {
    yield* fileMember(at, entry);
  } else {
    yield { entry };
    // Where the kernel's views are mounted; Docker leaves them empty.
    const isOther = parentDevice !== stats.dev;
    if (entry.kind === 'dir' && !(isOther && isOfKernel(at))) yield* children(linked, at, name);
  }
}

async function* children(
  linked: LinkedMembers,
  at: string | Buffer,
  name: string,
): AsyncGenerator<NewTarMember, void, undefined> {
  const fd = fs.openSync(at, O.PATH | constants.O_DIRECTORY | (name === '' ? 0 : constants.O_NOFOLLOW));
  try {
    const directory = `/proc/self/fd/${fd}`;
    const { dev } = fs.fstatSync(fd, { bigint: true });
    const names = fs.readdirSync(directory, { encoding: 'buffer' }).toSorted((a, b) => Buffer.compare(a, b));
    for (const child of names.map((bytes) => decodePath(bytes))) {
      yield* members(linked, join(directory, child), name === '' ? child : `${name}/${child}`, dev);
    }
  } finally {
    fs.closeSync(fd);
  }
}

/** Undefined for sockets, and for what went away meanwhile: a running container changes its files while they are read. */
function describeIfThere(
  linked: LinkedMembers,
  at: string | Buffer,
  name: string,
  stats: fs.BigIntStats,
): TarEntry | undefined {
  try {
    return diskMember({ path: name, at, stats }, linked, imageXattrs);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A child's path, as bytes where its name is not UTF-8. */
export function join(directory: string, name: string): string | Buffer {
  const path = `${directory}/${name}`;
  return hasRawBytes(path) ? Buffer.from(encodePath(path)) : path;
}
