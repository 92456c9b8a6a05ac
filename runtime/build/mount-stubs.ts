/**
 * The empty files and directories crun makes in a root to mount things on: taken out after the step, as BuildKit does, so that they do not reach the layer.
 * /proc, /sys and /dev stay, as they do with BuildKit.
 */

import * as fs from 'node:fs';

import {
  openRoot,
  type ResolvedPath,
  resolveDirectoryInRoot,
  resolveLinkInRoot,
} from '../host/resolve-in-root.ts';
import { lutimens } from '../host/syscalls.ts';

export interface MountStubs {
  /** Paths that were not there, outermost first. */
  readonly missing: readonly string[];
  /** Directories that were there and will get an entry, with their times. */
  readonly parents: ReadonlyMap<string, bigint>;
}

/** To be called before the container is made. Destinations below /dev, /proc and /sys are on file systems of their own. */
export function findMountStubs(rootPath: string, destinations: readonly string[]): MountStubs {
  const missing = new Set<string>();
  const parents = new Map<string, bigint>();
  const root = openRoot(rootPath);
  try {
    for (const destination of destinations) {
      if (/^\/(?:dev|proc|sys)(?:\/|$)/.test(destination)) continue;
      let at = '';
      for (const part of destination.split('/').filter((name) => name !== '')) {
        const parent = at === '' ? '/' : at;
        at = `${at}/${part}`;
        if (isThere(root, at)) continue;
        missing.add(at);
        if (!missing.has(parent)) parents.set(parent, timeOf(root, parent));
      }
    }
  } finally {
    root.close();
  }
  return { missing: [...missing], parents };
}

/** Removes what is still empty and puts the times of the directories above back. */
export function removeMountStubs(rootPath: string, stubs: MountStubs): void {
  const root = openRoot(rootPath);
  try {
    const removed = stubs.missing.toReversed().filter((path) => removeIfEmpty(root, path));
    for (const [path, mtimeNs] of stubs.parents) {
      if (removed.some((gone) => parentOf(gone) === path)) stamp(root, path, mtimeNs);
    }
  } finally {
    root.close();
  }
}

function isThere(root: ResolvedPath, path: string): boolean {
  try {
    resolveLinkInRoot(root, path, 'in-root').close();
    return true;
  } catch {
    return false;
  }
}

function timeOf(root: ResolvedPath, path: string): bigint {
  const directory = resolveDirectoryInRoot(root, path, 'in-root');
  try {
    return fs.statSync(directory.path, { bigint: true }).mtimeNs;
  } finally {
    directory.close();
  }
}

function stamp(root: ResolvedPath, path: string, mtimeNs: bigint): void {
  const directory = resolveDirectoryInRoot(root, path, 'in-root');
  lutimens(`${directory.path}/.`, mtimeNs);
  directory.close();
}

/** The command may have removed or filled it: then it is the command's. */
function removeIfEmpty(root: ResolvedPath, path: string): boolean {
  try {
    const parent = resolveDirectoryInRoot(root, parentOf(path), 'in-root');
    try {
      const target = `${parent.path}/${path.slice(path.lastIndexOf('/') + 1)}`;
      const stats = fs.lstatSync(target);
      if (stats.isDirectory()) fs.rmdirSync(target);
      else if (stats.isFile() && stats.size === 0) fs.unlinkSync(target);
      else return false;
      return true;
    } finally {
      parent.close();
    }
  } catch {
    return false;
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
