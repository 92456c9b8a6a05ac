/**
 * The sources of a COPY, one after the other: wildcards, symlinks, and the pivot of `--parents`.
 * Follows BuildKit's dispatchCopy and fsutil's ResolveWildcards: each source is a copy of its own, and a wildcard may match nothing.
 */

import type { FileEntry, FileTree } from './file-tree.ts';
import { compileGlob, hasWildcard, splitWildcards } from './match.ts';
import { joinPath, treePath } from './paths.ts';
import { resolveEntry } from './resolve.ts';

export interface ResolvedSource {
  /** Path in the tree, symlinks not followed: its last component names what is copied. */
  readonly path: string;
  /** Symlinks followed. */
  readonly entry: FileEntry;
}

export interface SourceMatch {
  /** In the order in which they are copied. */
  readonly found: readonly ResolvedSource[];
  /** Rooted path that must exist and does not (`/x`). */
  readonly missing?: string;
  /** What is missing is the directory before a wildcard. */
  readonly isBaseMissing?: boolean;
  /** True for a wildcard Go cannot read. */
  readonly isBadPattern?: boolean;
}

/** A directory named by a wildcard stands for its contents, like any other. */
export async function resolveSource(
  tree: FileTree,
  source: string,
  signal?: AbortSignal,
): Promise<SourceMatch> {
  const path = treePath(source);
  const { fixed, pattern } = splitWildcards(path);
  if (pattern === '') return resolveAll(tree, [path]);
  const glob = compileGlob(pattern);
  if (glob === undefined) return { found: [], isBadPattern: true };
  const base = await resolveEntry(tree, fixed);
  if (base === undefined) return { found: [], missing: `/${fixed}`, isBaseMissing: true };
  const nParts = pattern.split('/').length;
  // `[^x]` can match a slash, so that only there the depth is not known.
  const maxDepth = pattern.includes('[^') ? Number.POSITIVE_INFINITY : nParts;
  const relative = (entry: FileEntry): string =>
    base.path === '' ? entry.path : entry.path.slice(base.path.length + 1);
  const listing = await tree.walk(base.path, {
    descend: (directory) =>
      directory.path === base.path ||
      (!glob.test(relative(directory)) && relative(directory).split('/').length < maxDepth),
    ...(signal === undefined ? {} : { signal }),
  });
  const names = listing.filter((entry) => entry.path !== base.path && glob.test(relative(entry)));
  return resolveAll(
    tree,
    names.map((entry) => joinPath(base.path, relative(entry))),
  );
}

export interface ParentsSource {
  /** The directory after which parents are kept; may hold wildcards. */
  readonly pivot: string;
  /** Include pattern below the pivot; '' takes everything. */
  readonly pattern: string;
  /** Rooted path that must exist: given when nothing is a wildcard. */
  readonly required?: string;
}

/** `--parents`: `a/./b/c` keeps `b`, `a/b/c` keeps `a/b`. */
export function readParentsSource(source: string): ParentsSource {
  const pivotAt = source.indexOf('/./');
  const pivot = pivotAt < 0 ? '' : treePath(source.slice(0, pivotAt));
  const pattern = treePath(pivotAt < 0 ? source : source.slice(pivotAt + 3));
  const isPlain = !hasWildcard(pivot) && !hasWildcard(pattern);
  return { pivot, pattern, ...(isPlain ? { required: `/${joinPath(pivot, pattern)}` } : {}) };
}

async function resolveAll(tree: FileTree, paths: readonly string[]): Promise<SourceMatch> {
  const found: ResolvedSource[] = [];
  for (const path of paths) {
    const entry = await resolveEntry(tree, path);
    if (entry === undefined) return { found, missing: `/${path}` };
    found.push({ path, entry });
  }
  return { found };
}
