/**
 * One look at each of many names in a directory, written as rows (stat-rows.ts).
 * By lstat; in large trees by statx(2) where it can be had: a name relative to an open directory is found sooner, and half the time was Node's.
 */

import { closeSync, constants, openSync } from 'node:fs';

import { lstatAt } from './disk-entries.ts';
import { joinPath } from '../core/context/paths.ts';
import { ROW_WORDS, type StatRows } from './stat-rows.ts';
import { openStatx, type Statx } from './statx.ts';

export interface DirectoryLook {
  /** Writes the row; false for what is not there. @throws NaruError "forbidden" for what may not be looked at */
  at(name: string, rows: StatRows, row: number): boolean;
  close(): void;
}

/** `nSeen`: how many entries of the tree were looked at before. */
export function lookInDirectory(root: string, directory: string, nSeen: number): DirectoryLook {
  const statx = nSeen < MANY ? undefined : openStatx();
  return (statx && lookByStatx(root, directory, statx)) ?? lookByPath(root, directory);
}

/** Entries from which on loading koffi is worth it: 3 ms. */
const MANY = 1000;

export function lookByPath(root: string, directory: string): DirectoryLook {
  return {
    at: (name, rows, row) => {
      const stats = lstatAt(root, joinPath(directory, name));
      if (stats === undefined) return false;
      rows.write(row, stats);
      return true;
    },
    close: () => undefined,
  };
}

/** Undefined for a directory that cannot be opened. What statx fails at is looked at by its path, which says why. */
export function lookByStatx(root: string, directory: string, statx: Statx): DirectoryLook | undefined {
  const byPath = lookByPath(root, directory);
  let fd: number;
  try {
    fd = openSync(`${root}/${directory}`, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch {
    return undefined;
  }
  return {
    at: (name, rows, row) => statx(fd, name, rows.words, row * ROW_WORDS) || byPath.at(name, rows, row),
    close: () => closeSync(fd),
  };
}
