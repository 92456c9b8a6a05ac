/** The engine's own control group, which crun makes above those of the containers and leaves behind. */

import { readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';

/** Removes it from every hierarchy; where something is still in it, it stays. */
export function removeCgroupParent(path: string): void {
  for (const hierarchy of ['', ...listHierarchies()]) {
    try {
      rmdirSync(join(ROOT, hierarchy, path));
    } catch {
      // Not made in this hierarchy, or still in use.
    }
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
