/**
 * A build context as a build sees it: a tree without what its ignore patterns take out.
 * As in BuildKit, an ignored directory is there as soon as something below it is let in again.
 */

import type { FileEntry, FileTree, ScanOptions, TreeScan, WalkOptions } from './file-tree.ts';
import { findEntry, type Listing, walkListing } from './listing.ts';
import { isAtOrBelow, parentPath } from './paths.ts';
import type { DirectoryMatch, PatternMatcher } from './patterns.ts';

/**
 * View of `base` for one build or one preview: a subtree walked whole is remembered, so make a new view for the next one.
 * The root itself is never ignored.
 */
export function contextTree(base: FileTree, ignore: PatternMatcher): FileTree {
  const walks = new Map<string, Promise<Listing>>();

  function remembered(path: string): Promise<Listing> | undefined {
    for (const [root, listing] of walks) if (isAtOrBelow(path, root)) return listing;
    return undefined;
  }
  async function walk(path: string, options: WalkOptions = {}): Promise<Listing> {
    const known = remembered(path);
    if (known !== undefined) return walkListing(await known, path, options);
    if (options.descend !== undefined) {
      const { signal } = options;
      const holdsVisible = async (below: string): Promise<boolean> =>
        (await walk(below, signal === undefined ? {} : { signal })).length > 0;
      return walkVisible(base, ignore, path, { ...options, holdsVisible });
    }
    const walking = walkVisible(base, ignore, path, options);
    walks.set(path, walking);
    // A walk that failed or was stopped must not be remembered.
    walking.catch(() => walks.delete(path));
    return walking;
  }
  async function stat(path: string): Promise<FileEntry | undefined> {
    const known = remembered(path);
    if (known !== undefined) return findEntry(await known, path);
    if (path === '' || !ignore.matches(path)) return base.stat(path);
    return (await walk(path))[0];
  }
  const scan = base.scan?.bind(base);
  return {
    stat,
    walk,
    ...(scan === undefined ? {} : { scan: (options) => scanVisible(scan, ignore, options) }),
    digests: (paths, signal) => base.digests(paths, signal),
    read: async (path, maxBytes) => (ignore.matches(path) ? undefined : base.read(path, maxBytes)),
  };
}

interface VisibleWalkOptions extends WalkOptions {
  /** Whether something at or below an ignored directory is let in again; asked of those that the walk does not enter. */
  readonly holdsVisible?: (directory: string) => Promise<boolean>;
}

async function walkVisible(
  base: FileTree,
  ignore: PatternMatcher,
  start: string,
  { holdsVisible, ...options }: VisibleWalkOptions,
): Promise<Listing> {
  if (ignore.nPatterns === 0) return base.walk(start, options);
  const { descend, isVisible, unseen } = sight(ignore, start, options);
  const walked = await base.walk(start, { ...options, descend });
  const letIn = new Set<string>();
  for (const directory of unseen) {
    if (directory !== start && (await holdsVisible?.(directory)) === true) letIn.add(directory);
  }
  return visibleOf(walked, (entry) => letIn.has(entry.path) || isVisible(entry));
}

async function scanVisible(
  scan: NonNullable<FileTree['scan']>,
  ignore: PatternMatcher,
  options: ScanOptions = {},
): Promise<TreeScan> {
  if (ignore.nPatterns === 0) return scan(options);
  const { descend, isVisible } = sight(ignore, '', options);
  const whole = await scan({ ...options, descend });
  return whole.only(visibleOf(whole.entries, isVisible));
}

/** For one walk from `start`: `isVisible` may be asked of what was walked. */
function sight(
  ignore: PatternMatcher,
  start: string,
  options: WalkOptions,
): {
  readonly descend: (directory: FileEntry) => boolean;
  readonly isVisible: (entry: FileEntry) => boolean;
  /** Ignored directories that the walk was told not to enter, though something below may be let in again. */
  readonly unseen: ReadonlySet<string>;
} {
  const unseen = new Set<string>();
  const matches = new Map<string, DirectoryMatch>([
    [parentPath(start), matchDown(ignore, parentPath(start))],
  ]);
  if (start === '') matches.set('', ignore.root);

  function matchOf(directory: string): DirectoryMatch {
    return matches.get(directory) ?? ignore.root;
  }
  function descend(directory: FileEntry): boolean {
    let { isMatch } = ignore.root;
    if (directory.path !== '') {
      const match = ignore.matchDirectory(directory.path, matchOf(parentPath(directory.path)));
      matches.set(directory.path, match);
      ({ isMatch } = match);
      if (isMatch && ignore.coversBelow(directory.path)) return false;
    }
    if (options.descend?.(directory) !== false) return true;
    if (isMatch) unseen.add(directory.path);
    return false;
  }
  function isVisible(entry: FileEntry): boolean {
    if (entry.path === '') return true;
    if (entry.kind === 'dir') return !matchOf(entry.path).isMatch;
    return !ignore.matchFile(entry.path, matchOf(parentPath(entry.path)));
  }
  return { descend, isVisible, unseen };
}

/** Keeps what is visible, and the directories on the way to it. */
function visibleOf(listing: Listing, isVisible: (entry: FileEntry) => boolean): Listing {
  const visible: FileEntry[] = [];
  let pending: FileEntry[] = [];
  for (const entry of listing) {
    pending = pending.filter((directory) => isAtOrBelow(entry.path, directory.path));
    if (isVisible(entry)) {
      visible.push(...pending, entry);
      pending = [];
    } else if (entry.kind === 'dir') {
      pending.push(entry);
    }
  }
  return visible;
}

function matchDown(ignore: PatternMatcher, directory: string): DirectoryMatch {
  if (directory === '') return ignore.root;
  return ignore.matchDirectory(directory, matchDown(ignore, parentPath(directory)));
}
