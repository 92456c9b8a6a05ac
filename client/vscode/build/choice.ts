/** What the user chose for one Dockerfile, written into the entries of `naru.builds`. */

import * as path from 'node:path';

import type { BuildEntry } from './entries.ts';
import { type DockerfilePlace, findEntry } from './settings.ts';

export interface BuildChoice {
  /** As an entry has it: relative to the workspace folder, with slashes. */
  readonly context: string;
  /** Absent: the last stage. */
  readonly target?: string;
}

/**
 * The entries with the choice in force for this Dockerfile, and as before for all others.
 * An entry of its own is changed in its place. One by a glob is for others, too: a new entry goes before it, and keeps the rest of it.
 */
export function withChoice(
  entries: readonly BuildEntry[],
  place: DockerfilePlace,
  { context, target }: BuildChoice,
): readonly BuildEntry[] {
  const dockerfile = entryPath(place.folder, place.file);
  const found = findEntry(entries, place);
  const { context: _context, target: _target, ...kept } = found ?? {};
  const stage = target === undefined ? {} : { target };
  const chosen: BuildEntry = { ...kept, dockerfile, context, ...stage };
  if (found === undefined) return [...entries, chosen];
  const at = entries.indexOf(found);
  const nReplaced = found.dockerfile === dockerfile ? 1 : 0;
  return entries.toSpliced(at, nReplaced, chosen);
}

/** A path as entries have it: relative to the workspace folder where that is possible, `.` for the folder itself. */
export function entryPath(folder: string, file: string): string {
  const relative = path.relative(folder, file);
  return relative === '' ? '.' : relative.split(path.sep).join('/');
}

/** The folders that a Dockerfile lies in, from the workspace folder down to its own, as entries have them. */
export function foldersAround({ folder, file }: DockerfilePlace): readonly string[] {
  const names = entryPath(folder, path.dirname(file)).split('/');
  if (names[0] === '.') return ['.'];
  return ['.', ...names.map((_, index) => names.slice(0, index + 1).join('/'))];
}
