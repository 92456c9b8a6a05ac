/**
 * A root file system that files are placed in, by the paths its users see.
 * Two are written: a mounted one, where the kernel resolves and merges, here; and a layer that is not mounted, in layer-root.ts.
 */

import * as fs from 'node:fs';

import { decodePath } from '../../core/tar/path-bytes.ts';
import {
  type ResolvedPath,
  resolveDirectoryInRoot,
  resolveInRoot,
  resolveLinkInRoot,
} from '../host/resolve-in-root.ts';
import { joinPath, lstatIfPresent, systemPath } from './overlay-files.ts';

/** What a name stands for: all but directories can be replaced by a file. */
export type NameKind = 'dir' | 'other';

/** Paths are absolute in the root; links on the way are followed as after chroot(2). */
export interface RootFiles {
  /** The caller closes it. @throws an error whose `code` is ENOENT, ENOTDIR or ELOOP when there is no such directory */
  openDirectory(path: string): OpenDirectory;
  /** Target of the link at the path; undefined when that is no link or is not there. */
  readLink(path: string): string | undefined;
  /** Text of a file; '' when there is none. */
  readText(path: string): string;
}

/** One directory of a root, links on the way to it followed; the methods follow none. */
export interface OpenDirectory {
  /** Nothing shows through from below: what is in the way says so itself, by EEXIST. */
  readonly isFresh: boolean;
  /** What is visible under the name. */
  kindOf(name: string): NameKind | undefined;
  /** Where to make something of that name, now that somebody will. */
  pathFor(name: string): string | Buffer;
  /** Host path of the directory itself, to be written. */
  ownPath(): string | Buffer;
  /** Takes away what is not a directory, so that something else can be made. */
  clear(name: string): void;
  /** Takes away a directory with all that is in it, so that something else can be made. */
  clearTree(name: string): void;
  /** Takes away what is not a directory, and nothing takes its place. */
  remove(name: string): void;
  close(): void;
}

/** `root` stays the caller's to close. */
export function mountedFiles(root: ResolvedPath): RootFiles {
  return {
    openDirectory: (path) => mountedDirectory(resolveDirectoryInRoot(root, systemPath(path), 'in-root')),
    readLink: (path) => linkAt(root, path),
    readText: (path) => textAt(root, path),
  };
}

function mountedDirectory(directory: ResolvedPath): OpenDirectory {
  const at = (name: string): string | Buffer => joinPath(directory.path, name);
  function remove(name: string): void {
    if (kindAt(at(name)) !== undefined) fs.unlinkSync(at(name));
  }
  return {
    isFresh: false,
    kindOf: (name) => kindAt(at(name)),
    pathFor: at,
    ownPath: () => `${directory.path}/.`,
    clear: remove,
    clearTree: (name) => fs.rmSync(at(name), { recursive: true }),
    remove,
    close: () => directory.close(),
  };
}

/** On the host, links not followed; undefined when nothing is there. */
export function kindAt(path: string | Buffer): NameKind | undefined {
  const stats = lstatIfPresent(path);
  if (stats === undefined) return undefined;
  return stats.isDirectory() ? 'dir' : 'other';
}

function linkAt(root: ResolvedPath, path: string): string | undefined {
  try {
    const found = resolveLinkInRoot(root, systemPath(path), 'in-root');
    try {
      const host = fs.readlinkSync(found.path, { encoding: 'buffer' });
      return decodePath(fs.readlinkSync(host, { encoding: 'buffer' }));
    } finally {
      found.close();
    }
  } catch {
    return undefined;
  }
}

function textAt(root: ResolvedPath, path: string): string {
  try {
    const file = resolveInRoot(root, systemPath(path), 'in-root');
    try {
      return fs.readFileSync(file.path, 'utf8');
    } finally {
      file.close();
    }
  } catch {
    return '';
  }
}
