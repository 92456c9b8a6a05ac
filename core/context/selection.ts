/**
 * What a COPY, an ADD of local files or a bind mount takes from a tree, and where each entry lands.
 * Follows BuildKit's dockerfile2llb (dispatchCopy) and fsutil's copy: directories give their contents, sources are copied in order, later ones win.
 * Remote sources, archives to unpack and ownership are the caller's; so is what already exists at the destination.
 */

import { NaruError } from '../errors.ts';
import { contentsOf } from './contents.ts';
import type { FileTree } from './file-tree.ts';
import { Landing, sortSelected } from './landing.ts';
import type { SelectedEntry, Selection, SelectionFault } from './selected.ts';
import { baseName, pathBelow, treePath } from './paths.ts';
import { compilePatterns, type PatternMatcher } from './patterns.ts';
import { isCircular, resolveEntry } from './resolve.ts';
import { readParentsSource, type ResolvedSource, resolveSource } from './sources.ts';

export interface CopyRequest {
  /** Variables expanded, wildcards as written; relative to the tree's root, which `..` does not leave. */
  readonly sources: readonly string[];
  /** Absolute, WORKDIR applied; a slash at its end is kept: `/app/` is a directory for certain. */
  readonly destination: string;
  /** `--exclude` patterns, relative to each source directory. */
  readonly exclude?: readonly string[];
  /** `--parents`. */
  readonly keepsParents?: boolean;
  /** Whether a directory is there already, which a plan cannot know (absent) and the builder does. */
  readonly destinationIsDirectory?: boolean;
  readonly signal?: AbortSignal;
}

/** Never throws for what the request or the tree holds: see `faults`. */
export async function selectCopy(tree: FileTree, request: CopyRequest): Promise<Selection> {
  const exclude = compilePatterns(request.exclude ?? []);
  const landing = new Landing(request.destination, request.destinationIsDirectory);
  for (const fault of exclude.faults) landing.fault({ kind: 'pattern', message: fault.message });
  const unmatched: string[] = [];
  for (const source of request.sources) {
    const copies = request.keepsParents
      ? await copyWithParents(tree, source, exclude.matcher, landing, request.signal)
      : await copySource(tree, source, exclude.matcher, landing, request.signal);
    if (copies === 0) unmatched.push(source);
  }
  return { ...landing.result(), unmatched };
}

/**
 * What a bind mount shows: a file, or a directory with its own mode ('' among the entries) and everything below.
 * A symlink at `path` is followed.
 */
export async function selectMount(tree: FileTree, path: string, signal?: AbortSignal): Promise<Selection> {
  const top = await resolveEntry(tree, path);
  if (top === undefined) {
    const message = `${JSON.stringify(`/${treePath(path)}`)}: not found`;
    const fault: SelectionFault = { kind: 'missing', message, source: path };
    return { entries: [], landing: 'inside', unmatched: [], faults: [fault] };
  }
  const listing = await tree.walk(top.path, signal === undefined ? {} : { signal });
  const entries = listing.map((entry): SelectedEntry => {
    const destination = entry.path === top.path ? '' : pathBelow(entry.path, top.path);
    return { destination, entry, isNamedFile: false, nthDirectory: 0 };
  });
  const landing = top.kind === 'dir' ? 'inside' : 'exact';
  return { entries: sortSelected(entries), landing, unmatched: [], faults: [] };
}

/** Docker: what a stage or an image lacks is noticed when it is copied, and told in the system's words (dockerd 28.5.2). */
export function inResult(fault: SelectionFault): SelectionFault {
  const path = fault.kind === 'missing' ? /^"(.*)": not found$/.exec(fault.message)?.[1] : undefined;
  return path === undefined ? fault : { ...fault, message: `lstat ${path}: no such file or directory` };
}

/** The error a build stops with. */
export function selectionError(fault: SelectionFault): NaruError {
  const hint = fault.hint === undefined ? {} : { hint: fault.hint };
  if (fault.kind === 'missing')
    return new NaruError('not-found', 'E_COPY_SOURCE_MISSING', fault.message, hint);
  return new NaruError(
    'invalid-argument',
    fault.kind === 'conflict' ? 'E_COPY_CONFLICT' : 'E_COPY_PATTERN',
    fault.message,
    hint,
  );
}

function circleHint(path: string): string {
  return `symbolic links at ${path} lead back to themselves`;
}

/** Answers how many sources were found. */
async function copySource(
  tree: FileTree,
  source: string,
  exclude: PatternMatcher,
  landing: Landing,
  signal?: AbortSignal,
): Promise<number> {
  const match = await resolveSource(tree, source, signal);
  if (match.isBadPattern) landing.fault({ kind: 'pattern', message: 'syntax error in pattern', source });
  if (match.missing !== undefined) {
    // Docker 28.5.2, measured: BuildKit notices some at hashing, and these only at copying.
    const isLate = match.isBaseMissing === true || exclude.nPatterns > 0;
    const message = isLate
      ? `lstat ${match.missing}: no such file or directory`
      : `${JSON.stringify(match.missing)}: not found`;
    const isCircle = await isCircular(tree, match.missing);
    landing.fault(
      isCircle
        ? { kind: 'missing', message: 'too many links', hint: circleHint(match.missing), source }
        : { kind: 'missing', message, source },
    );
  }
  for (const found of match.found) {
    if (found.entry.kind !== 'dir') {
      // A file named by the source is copied even if an --exclude pattern fits it (fsutil looks at directories' children only).
      landing.addNamed(baseName(found.path), found.entry, source);
      continue;
    }
    landing.enter(found.entry);
    const contents = await contentsOf(tree, found.entry, { exclude }, signal);
    for (const landed of contents) landing.add(landed, source);
  }
  return match.found.length + (match.missing === undefined ? 0 : 1);
}

async function copyWithParents(
  tree: FileTree,
  source: string,
  exclude: PatternMatcher,
  landing: Landing,
  signal?: AbortSignal,
): Promise<number> {
  const parents = readParentsSource(source);
  const include = compilePatterns([parents.pattern]);
  if (include.faults.length > 0) {
    landing.fault({ kind: 'pattern', message: 'syntax error in pattern', source });
    return 1;
  }
  const pivots = await resolveSource(tree, parents.pivot, signal);
  let nFound = 0;
  for (const pivot of pivots.found) nFound += await copyBelowPivot(pivot);
  if (nFound === 0 && parents.required !== undefined) {
    landing.fault({ kind: 'missing', message: `${JSON.stringify(parents.required)}: not found`, source });
    return 1;
  }
  return nFound;

  async function copyBelowPivot(pivot: ResolvedSource): Promise<number> {
    if (pivot.entry.kind !== 'dir') {
      landing.addNamed(baseName(pivot.path), pivot.entry, source);
      return 1;
    }
    landing.enter(pivot.entry);
    const filter =
      parents.pattern === ''
        ? { exclude }
        : { exclude, include: include.matcher, includePattern: parents.pattern };
    const contents = await contentsOf(tree, pivot.entry, filter, signal);
    for (const landed of contents) landing.add(landed, source);
    return contents.length;
  }
}
