/** Removing control groups that crun made: those of containers that ended, and the engine's own above them, which crun leaves behind. */

import { readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

import { errorCode } from '../../local/error-code.ts';

const ROOT = '/sys/fs/cgroup';

/** Removes it from every hierarchy. @returns false when it stays in one, because a process or another group is still in it */
export function removeCgroup(path: string): boolean {
  return ['', ...listHierarchies()]
    .map((hierarchy) => removeFrom(join(ROOT, hierarchy, path)))
    .every(Boolean);
}

function removeFrom(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    // Not every hierarchy has it, and not every name below the root is a hierarchy.
    return ['ENOENT', 'ENOTDIR'].includes(errorCode(error));
  }
}

function listHierarchies(): readonly string[] {
  try {
    return readdirSync(ROOT, { withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [] : [entry.name],
    );
  } catch {
    return [];
  }
}
