/** Finds out why a COPY misses its file: an ignore file keeps it out, or it lies in the workspace folder, which then may be the context that was meant. */

import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { instructionAt, missingPath } from '../../core/build/missing-source.ts';
import type { Dockerfile } from '../../core/dockerfile/types.ts';
import type { Problem } from '../../core/source.ts';
import { keptOut, type LookedIn } from '../../local/missing-source.ts';

export type MissingSource =
  /** `ignoreFile` is its absolute path, `line` from 1, if one is known. */
  | { readonly kind: 'kept-out'; readonly path: string; readonly ignoreFile: string; readonly line?: number }
  /** In the workspace folder, which is not the context. */
  | { readonly kind: 'elsewhere'; readonly path: string };

/** Where the context lies, and what may be offered in its place. */
export interface SourcePlaces extends LookedIn {
  /** Absolute. */
  readonly dockerfile: string;
  /** Absolute; absent: none. */
  readonly workspaceFolder: string | undefined;
}

/** Undefined for a problem about something else, such as a copy from a stage, and for a file that is nowhere. */
export async function missingSource(
  dockerfile: Dockerfile,
  problem: Problem,
  places: SourcePlaces,
): Promise<MissingSource | undefined> {
  const path = missingPath(problem.message);
  if (path === undefined || path === '') return undefined;
  const instruction = instructionAt(dockerfile, problem.span.start);
  if (instruction?.name !== 'COPY' && instruction?.name !== 'ADD') return undefined;
  if (instruction.flags.some(({ name }) => name === 'from')) return undefined;
  const kept = await keptOut(path, places);
  if (kept !== undefined) {
    const { by, file } = kept;
    const folder = file.tree === 'context' ? places.directory : folderOf(places.dockerfile, file.path);
    const line = by === undefined ? {} : { line: by.line };
    return { kind: 'kept-out', path, ignoreFile: join(folder, file.path), ...line };
  }
  const { directory, workspaceFolder } = places;
  if (workspaceFolder === undefined || workspaceFolder === directory) return undefined;
  const found = await lstat(join(workspaceFolder, path)).catch(() => undefined);
  return found === undefined ? undefined : { kind: 'elsewhere', path };
}

/** `path` is that of the ignore file of this Dockerfile, from the context or, for one that lies outside, from its own folder. */
function folderOf(dockerfile: string, path: string): string {
  return path.split('/').reduce((folder) => dirname(folder), dockerfile);
}
