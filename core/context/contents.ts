/** The contents of a source directory that pass a COPY's `--exclude` and `--parents` patterns, as fsutil's copy walks them. */

import type { FileEntry, FileTree } from './file-tree.ts';
import { isAtOrBelow, parentPath, pathBelow } from './paths.ts';
import type { DirectoryMatch, PatternMatcher } from './patterns.ts';

export interface ContentPatterns {
  /** Relative to the source directory. */
  readonly exclude: PatternMatcher;
  /** Absent: everything. */
  readonly include?: PatternMatcher;
  /** The one pattern that `include` was made of; its plain beginning saves walking elsewhere. */
  readonly includePattern?: string;
}

export interface Landed {
  /** Relative to the destination. */
  readonly destination: string;
  readonly entry: FileEntry;
}

/** In the order of the walk, without `top` itself; directories that lead to something selected come along. */
export async function contentsOf(
  tree: FileTree,
  top: FileEntry,
  patterns: ContentPatterns,
  signal?: AbortSignal,
): Promise<readonly Landed[]> {
  const filter = contentFilter(patterns);
  const descend = (directory: FileEntry): boolean =>
    directory.path === top.path || filter?.mayHoldSelected(pathBelow(directory.path, top.path)) !== false;
  const listing = await tree.walk(top.path, {
    ...(filter === undefined ? {} : { descend }),
    ...(signal === undefined ? {} : { signal }),
  });
  const selected: Landed[] = [];
  let pending: Landed[] = [];
  for (const entry of listing) {
    if (entry.path === top.path) continue;
    const landed = { destination: pathBelow(entry.path, top.path), entry };
    if (pending.length > 0) {
      pending = pending.filter((directory) => isAtOrBelow(landed.destination, directory.destination));
    }
    if (filter === undefined || filter.isSelected(landed.destination, entry.kind === 'dir')) {
      selected.push(...pending, landed);
      pending = [];
    } else if (entry.kind === 'dir') {
      pending.push(landed);
    }
  }
  return selected;
}

interface ContentFilter {
  /** Asked for each directory, before its children. */
  mayHoldSelected(directory: string): boolean;
  /** Asked in the order of the walk. */
  isSelected(path: string, isDirectory: boolean): boolean;
}

/** Undefined when everything passes. */
function contentFilter({ exclude, include, includePattern }: ContentPatterns): ContentFilter | undefined {
  if (exclude.nPatterns === 0 && include === undefined) return undefined;
  const excluded = new Map<string, DirectoryMatch>();
  const included = new Map<string, DirectoryMatch>();
  const prefix = plainPrefix(includePattern ?? '*');

  function excludedAt(directory: string): DirectoryMatch {
    return excluded.get(directory) ?? exclude.root;
  }
  function mayHoldSelected(path: string): boolean {
    const match = exclude.matchDirectory(path, excludedAt(parentPath(path)));
    excluded.set(path, match);
    if (!isAtOrBelow(path, prefix) && !isAtOrBelow(prefix, path)) return false;
    return !match.isMatch || !exclude.coversBelow(path);
  }
  function isSelected(path: string, isDirectory: boolean): boolean {
    const parent = parentPath(path);
    let isIncluded = true;
    if (include !== undefined) {
      const match = include.matchDirectory(path, included.get(parent) ?? include.root);
      if (isDirectory) included.set(path, match);
      isIncluded = match.isMatch;
    }
    const isExcluded = isDirectory ? excludedAt(path).isMatch : exclude.matchFile(path, excludedAt(parent));
    return isIncluded && !isExcluded;
  }
  return { mayHoldSelected, isSelected };
}

/** Components before the first that is more than a plain name. */
function plainPrefix(pattern: string): string {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => /[*?[\\^!]/.test(part));
  return first < 0 ? pattern : parts.slice(0, first).join('/');
}
