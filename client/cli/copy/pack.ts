/** A file or a directory of this machine as members of a tar. */

import { createReadStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';

import type { TarEntry } from '../../../core/tar/entry.ts';
import type { NewTarMember } from '../../../local/tar/writer.ts';

/** `name` is what the file or directory is called in the archive, '' for a directory's contents alone. Sockets are left out. @throws what the file system throws */
export async function* packTree(path: string, name: string): AsyncGenerator<NewTarMember, void, void> {
  const stat = await fs.lstat(path, { bigint: true });
  const shared = {
    path: name,
    mode: Number(stat.mode) & 0o7777,
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    mtimeNs: stat.mtimeNs,
    sizeBytes: 0,
  };
  if (stat.isDirectory()) {
    if (name !== '') yield { entry: { ...shared, kind: 'dir' } };
    const names = (await fs.readdir(path)).toSorted();
    for (const child of names) yield* packTree(join(path, child), name === '' ? child : `${name}/${child}`);
    return;
  }
  if (stat.isFile()) {
    const sizeBytes = Number(stat.size);
    const content = sizeBytes === 0 ? [] : createReadStream(path, { end: sizeBytes - 1 });
    yield { entry: { ...shared, kind: 'file', sizeBytes }, content };
    return;
  }
  const special = await specialEntry(path, shared, stat);
  if (special !== undefined) yield { entry: special };
}

type SharedFields = Omit<TarEntry, 'kind' | 'linkTarget' | 'device'>;

async function specialEntry(
  path: string,
  shared: SharedFields,
  stat: Awaited<ReturnType<typeof fs.lstat>>,
): Promise<TarEntry | undefined> {
  if (stat.isSymbolicLink()) return { ...shared, kind: 'symlink', linkTarget: await fs.readlink(path) };
  if (stat.isFIFO()) return { ...shared, kind: 'fifo' };
  return undefined;
}
