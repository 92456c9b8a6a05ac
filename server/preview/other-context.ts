/** Finds out whether what a COPY misses in its context lies in the workspace folder, which then may be the context that was meant. */

import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

import { instructionAt, missingPath } from '../../core/build/missing-source.ts';
import type { Dockerfile } from '../../core/dockerfile/types.ts';
import type { Problem } from '../../core/source.ts';

/** The missing path, relative to `folder`, if it is there; undefined for a problem about something else, such as a copy from a stage. */
export async function missingButIn(
  folder: string,
  dockerfile: Dockerfile,
  problem: Problem,
): Promise<string | undefined> {
  const path = missingPath(problem.message);
  if (path === undefined || path === '') return undefined;
  const instruction = instructionAt(dockerfile, problem.span.start);
  if (instruction?.name !== 'COPY' && instruction?.name !== 'ADD') return undefined;
  if (instruction.flags.some(({ name }) => name === 'from')) return undefined;
  const found = await lstat(join(folder, path)).catch(() => undefined);
  return found === undefined ? undefined : path;
}
