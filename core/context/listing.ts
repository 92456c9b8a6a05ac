/** A sorted list of a tree's entries, and how a tree answers from one. */

import type { FileEntry, WalkOptions } from './file-tree.ts';
import { comparePaths, isAtOrBelow } from './paths.ts';

/** Entries in the order of a walk (`comparePaths`), each path once. */
export type Listing = readonly FileEntry[];

export function sortListing(entries: Iterable<FileEntry>): Listing {
  return Array.from(entries).sort((left, right) => comparePaths(left.path, right.path));
}

/** What `FileTree.stat` answers. */
export function findEntry(listing: Listing, path: string): FileEntry | undefined {
  const entry = listing[lowerBound(listing, path)];
  return entry?.path === path ? entry : undefined;
}

/** What `FileTree.walk` answers. */
export function walkListing(listing: Listing, path: string, options: WalkOptions = {}): Listing {
  options.signal?.throwIfAborted();
  const start = lowerBound(listing, path);
  const walked: FileEntry[] = [];
  let closed: string | undefined;
  for (let index = start; index < listing.length; index += 1) {
    const entry = listing[index];
    if (entry === undefined || !isAtOrBelow(entry.path, path)) break;
    if (closed !== undefined && isAtOrBelow(entry.path, closed)) continue;
    walked.push(entry);
    const isClosed = entry.kind === 'dir' && options.descend?.(entry) === false;
    closed = isClosed ? entry.path : undefined;
  }
  return walked[0]?.path === path ? walked : [];
}

/** Index of the first entry that does not come before `path`. */
function lowerBound(listing: Listing, path: string): number {
  let low = 0;
  let high = listing.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comparePaths(listing[middle]?.path ?? '', path) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
