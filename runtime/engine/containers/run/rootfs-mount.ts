/** Mounting a container's root file system for as long as somebody needs it: its run, a copy, an export. */

import type { ContainerEntry } from '../container-entry.ts';
import { snapshotKey, type ContainerParts } from '../parts.ts';

/** Stands for the run of the container itself. */
export const RUN_HOLDER = Symbol('run');

/** @returns the root directory on the host */
export function holdRootfs(parts: ContainerParts, entry: ContainerEntry, holder: symbol): Promise<string> {
  entry.rootfsHolders.add(holder);
  return parts.snapshots.mount(snapshotKey(entry.id));
}

/** Unmounts when nobody else holds it. */
export async function dropRootfs(
  parts: ContainerParts,
  entry: ContainerEntry,
  holder: symbol,
): Promise<void> {
  entry.rootfsHolders.delete(holder);
  if (entry.rootfsHolders.size > 0) return;
  const key = snapshotKey(entry.id);
  // A container that was removed meanwhile has taken its snapshot along.
  if ((await parts.snapshots.stat(key)) !== undefined) await parts.snapshots.unmount(key);
}
