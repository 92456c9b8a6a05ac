/**
 * Remembers what a tree was asked for, so that exactly that can be sent to an engine: the builder asks the same questions there.
 * Answers that something is absent need no record: it will be absent there, too.
 */

import type { FileEntry, FileTree } from './file-tree.ts';
import { type Listing, sortListing } from './listing.ts';
import { parentPath } from './paths.ts';

export interface RecordingTree {
  readonly tree: FileTree;
  /** Every entry that was answered and the directories above, in the order of a walk. */
  readonly recorded: () => Promise<Listing>;
}

export function recordingTree(base: FileTree): RecordingTree {
  const seen = new Map<string, FileEntry>();

  async function recorded(): Promise<Listing> {
    for (const path of Array.from(seen.keys())) await addParents(path);
    return sortListing(seen.values());
  }
  async function addParents(path: string): Promise<void> {
    const parent = parentPath(path);
    if (path === '' || seen.has(parent)) return;
    const entry = await base.stat(parent);
    if (entry !== undefined) seen.set(parent, entry);
    await addParents(parent);
  }
  const tree: FileTree = {
    stat: async (path) => {
      const entry = await base.stat(path);
      if (entry !== undefined) seen.set(path, entry);
      return entry;
    },
    walk: async (path, options) => {
      const entries = await base.walk(path, options);
      for (const entry of entries) seen.set(entry.path, entry);
      return entries;
    },
    digests: (paths, signal) => base.digests(paths, signal),
    read: (path, maxBytes) => base.read(path, maxBytes),
  };
  return { tree, recorded };
}
