/** The one way a directory on disk is walked: in the order of a FileTree, giving way to the event loop now and then. */

import { setImmediate as nextTurn } from 'node:timers/promises';

import type { FileEntry, WalkOptions } from '../core/context/file-tree.ts';
import { comparePaths, joinPath } from '../core/context/paths.ts';
import { NaruError } from '../core/errors.ts';
import { entryAt, type EntryOwners, lstatAt, namesIn } from './disk-entries.ts';

export interface DiskWalkOptions extends WalkOptions {
  readonly owners: EntryOwners;
}

/** Entries between two turns of the event loop; some 5 ms. */
const CHUNK = 1000;

/**
 * `onEntry` gets each entry, a directory before its children, siblings in byte order.
 * What vanishes on the way is left out. Components above `start` are the caller's matter (`isBelowDirectories`).
 *
 * @throws NaruError "forbidden" for what may not be looked at, "cancelled" when the signal aborts
 */
export async function walkDisk(
  root: string,
  start: string,
  { owners, descend, signal }: DiskWalkOptions,
  onEntry: (entry: FileEntry) => void,
): Promise<void> {
  // Paths still to be listed, the next one last.
  const pending = [start];
  for (let nListed = 0; ; nListed += 1) {
    if (nListed % CHUNK === 0) {
      throwIfCancelled(signal);
      if (nListed > 0) await nextTurn();
    }
    const path = pending.pop();
    if (path === undefined) return;
    const stats = lstatAt(root, path);
    const entry = stats === undefined ? undefined : entryAt(root, path, stats, owners);
    if (stats === undefined || entry === undefined) continue;
    onEntry(entry);
    if (entry.kind !== 'dir' || descend?.(entry) === false) continue;
    const names = namesIn(root, path).sort(comparePaths);
    for (let index = names.length - 1; index >= 0; index -= 1)
      pending.push(joinPath(path, names[index] ?? ''));
  }
}

/** @throws NaruError "cancelled" when the signal aborted */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new NaruError('cancelled', 'E_CANCELLED', 'listing files was cancelled', { cause: signal.reason });
  }
}
