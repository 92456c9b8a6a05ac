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

/** What came out of an archive. */
export interface Unpacked {
  /** Outermost first, by their names below the directory: they are writable, and have neither mode nor time yet. */
  readonly directories: readonly { readonly name: string; readonly entry: TarEntry }[];
  readonly nFiles: number;
  readonly sizeBytes: number;
  /** Devices and pipes, and on Windows what it cannot name. */
  readonly nLeftOut: number;
}

/** What is there already is replaced, directories are filled. @throws NaruError "invalid-argument" where a directory would replace a file; what the file system throws */
export async function unpackTree(
  archive: AsyncIterable<Uint8Array>,
  directory: string,
  options: UnpackOptions = {},
): Promise<void> {
  const { directories } = await unpackFiles(archive, directory, options);
  // Innermost first: what is made in a directory changes its time.
  for (const { name, entry } of directories.toReversed()) await setAttributes(join(directory, name), entry);
}

/** The same, but directories are left as they must be to be filled. */
export async function unpackFiles(
  archive: AsyncIterable<Uint8Array>,
  directory: string,
  options: UnpackOptions = {},
): Promise<Unpacked> {
  const links = new Map<string, { readonly to: string; readonly entry: TarEntry }>();
  const directories: { readonly name: string; readonly entry: TarEntry }[] = [];
  const count = { nFiles: 0, sizeBytes: 0, nLeftOut: 0 };
  let top: string | undefined;
  for await (const { entry, content } of readTar(archive)) {
    top ??= treePath(entry.path);
    const nameOf = (path: string): string => renamed(treePath(path), top ?? '', options.name);
    if (
      ![entry.path, entry.kind === 'hardlink' ? (entry.linkTarget ?? '') : ''].every((name) =>
        canBeNamed(name),
      )
    ) {
      count.nLeftOut += 1;
      continue;
    }
    const path = join(directory, nameOf(entry.path));
    if (entry.kind === 'dir') {
      await makeDirectory(path);
      directories.push({ name: nameOf(entry.path), entry });
      continue;
    }
    makeFolder(dirname(path));
    switch (entry.kind) {
      case 'symlink':
        links.set(path, { to: entry.linkTarget ?? '', entry });
        break;
      case 'hardlink': {
        const first = join(directory, nameOf(entry.linkTarget ?? ''));
        const link = links.get(first);
        await makeRoom(path);
        if (link === undefined) await fs.link(first, path);
        else links.set(path, link);
        break;
      }
      case 'file':
        await makeRoom(path);
        await pipeline(content, createWriteStream(path, { flags: 'wx' }));
        await setAttributes(path, entry);
        count.sizeBytes += entry.sizeBytes;
        break;
      case 'fifo':
      case 'char-device':
      case 'block-device':
        count.nLeftOut += 1;
        continue;
    }
    count.nFiles += 1;
  }
  for (const [path, { to, entry }] of links) {
    await makeRoom(path);
    await fs.symlink(to, path);
    await fs.lutimes(path, ...timesOf(entry));
  }
  return { directories, ...count };
}

/** False on Windows for names that mean a path there, as `..\\x` and `c:x` do. */
export function canBeNamed(path: string, platform: NodeJS.Platform = process.platform): boolean {
  return platform !== 'win32' || !/[\\:]/.test(path);
}

/** Mode with setuid, setgid and sticky, as docker's `cp` and BuildKit's local exporter keep them (28.5.2), and time. */
export async function setAttributes(path: string, entry: TarEntry): Promise<void> {
  await fs.chmod(path, entry.mode & 0o7777);
  await fs.utimes(path, ...timesOf(entry));
}

function timesOf({ mtimeNs }: TarEntry): [accessed: number, modified: number] {
  const seconds = Number(mtimeNs) / 1e9;
  return [seconds, seconds];
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
