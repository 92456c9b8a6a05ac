/**
 * A tar from an engine, unpacked on this machine. Owners and devices stay behind, as they must for anybody but root.
 * Nothing is written outside the directory: names are resolved inside it, and symbolic links come last, so that no file is written through one.
 */

import { createWriteStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { isAtOrBelow, joinPath, pathBelow, treePath } from '../../../core/context/paths.ts';
import { NaruError } from '../../../core/errors.ts';
import type { TarEntry } from '../../../core/tar/entry.ts';
import { makeFolder } from '../../../local/make-folder.ts';
import { readTar } from '../../../local/tar/reader.ts';

export interface UnpackOptions {
  /** What the archive's first member is called here; '' puts its contents right into the directory. Default: as in the archive. */
  readonly name?: string;
}

/** What is there already is replaced, directories are filled. @throws NaruError "invalid-argument" where a directory would replace a file; what the file system throws */
export async function unpackTree(
  archive: AsyncIterable<Uint8Array>,
  directory: string,
  options: UnpackOptions = {},
): Promise<void> {
  const links: { readonly path: string; readonly to: string }[] = [];
  const directories: { readonly path: string; readonly entry: TarEntry }[] = [];
  let top: string | undefined;
  for await (const { entry, content } of readTar(archive)) {
    top ??= treePath(entry.path);
    const place = (path: string): string => join(directory, renamed(treePath(path), top ?? '', options.name));
    const path = place(entry.path);
    if (entry.kind === 'dir') {
      await makeDirectory(path);
      directories.push({ path, entry });
      continue;
    }
    makeFolder(dirname(path));
    if (entry.kind === 'symlink') links.push({ path, to: entry.linkTarget ?? '' });
    if (entry.kind !== 'file' && entry.kind !== 'hardlink') continue;
    await makeRoom(path);
    if (entry.kind === 'hardlink') await fs.link(place(entry.linkTarget ?? ''), path);
    else {
      await pipeline(content, createWriteStream(path, { flags: 'wx' }));
      await setTimeAndMode(path, entry);
    }
  }
  for (const { path, to } of links) {
    await makeRoom(path);
    await fs.symlink(to, path);
  }
  // Innermost first: what is made in a directory changes its time.
  for (const { path, entry } of directories.toReversed()) await setTimeAndMode(path, entry);
}

function renamed(path: string, top: string, name: string | undefined): string {
  if (name === undefined || !isAtOrBelow(path, top)) return path;
  return joinPath(name, path === top ? '' : pathBelow(path, top));
}

async function makeDirectory(path: string): Promise<void> {
  const there = await fs.lstat(path).catch(() => undefined);
  if (there !== undefined && !(await fs.stat(path)).isDirectory()) {
    throw new NaruError(
      'invalid-argument',
      'E_COPY',
      `${path} is not a directory, and cannot be replaced by one`,
    );
  }
  makeFolder(path);
}

async function makeRoom(path: string): Promise<void> {
  const there = await fs.lstat(path).catch(() => undefined);
  if (there?.isDirectory()) {
    throw new NaruError(
      'invalid-argument',
      'E_COPY',
      `${path} is a directory, and cannot be replaced by a file`,
    );
  }
  await fs.rm(path, { force: true });
}

async function setTimeAndMode(path: string, { mode, mtimeNs }: TarEntry): Promise<void> {
  const seconds = Number(mtimeNs) / 1e9;
  await fs.chmod(path, mode & 0o777);
  await fs.utimes(path, seconds, seconds);
}
