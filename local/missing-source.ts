/** What to say to somebody whose COPY names a file that did not reach the build: kept out by .dockerignore, called otherwise, or not there at all. */

import { lstat } from 'node:fs/promises';
import { basename, dirname, extname, join, posix } from 'node:path';

import { instructionAt, missingPath } from '../core/build/missing-source.ts';
import type { FoundIgnoreFile } from '../core/context/ignore.ts';
import { ignoredBy, type IgnoringLine } from '../core/context/ignored-by.ts';
import type { FileTree } from '../core/context/file-tree.ts';
import { suggestion } from '../core/dockerfile/suggestion.ts';
import type { Dockerfile, Flag } from '../core/dockerfile/types.ts';
import type { Problem } from '../core/source.ts';

export interface LookedIn {
  /** Absolute path on this machine. */
  readonly directory: string;
  /** What is left of it with the ignore file applied. */
  readonly tree: FileTree;
  /** The one that was applied. */
  readonly ignoreFile?: FoundIgnoreFile | undefined;
}

/** The hint for a failed step at `line` (from 1); undefined when it is about something else than a file of `context`. */
export async function missingSourceHint(
  failure: { readonly message: string; readonly line: number },
  dockerfile: Dockerfile,
  context: LookedIn,
): Promise<string | undefined> {
  const path = missingPath(failure.message);
  if (path === undefined || path === '') return undefined;
  const offset = dockerfile.lines.offsetAt({ line: failure.line - 1, column: 0 });
  // A stage, an image or a named context: other places, which say so themselves.
  if (instructionAt(dockerfile, offset)?.flags.some(isFrom) === true) return undefined;
  const link = await deadLink(path, context.tree);
  if (link !== undefined) return `${link}, which leads to nothing in the context, ${context.directory}`;
  const kept = await keptOut(path, context);
  if (kept !== undefined)
    return `it is in ${context.directory}, but ${placeOf(kept)} keeps it out of the build`;
  const near = await nearest(path, context.tree);
  if (near !== undefined) return `did you mean ${near}? Paths start in the context, ${context.directory}`;
  return `it was looked for in the context, ${context.directory}`;
}

/** What keeps a file that is there out of a build. */
export interface KeptOut {
  readonly file: FoundIgnoreFile;
  /** The line that does, as far as one is known. */
  readonly by?: IgnoringLine;
}

/** Undefined for a path that is not in the directory, or that no ignore file keeps out. */
export async function keptOut(
  path: string,
  { directory, ignoreFile, tree }: LookedIn,
): Promise<KeptOut | undefined> {
  if (ignoreFile === undefined) return undefined;
  const onDisk = await lstat(join(directory, path)).catch(() => undefined);
  if (onDisk === undefined || (await tree.stat(path)) !== undefined) return undefined;
  const by = ignoredBy(ignoreFile.text, path);
  return { file: ignoreFile, ...(by === undefined ? {} : { by }) };
}

function placeOf({ by, file }: KeptOut): string {
  return by === undefined ? file.path : `line ${by.line} of ${file.path} (${by.text})`;
}

/** The symbolic link on the way to what is not found. Links stay inside the context: to an absolute one its root is `/`. */
async function deadLink(path: string, tree: FileTree): Promise<string | undefined> {
  const parts = path.split('/');
  for (let n = parts.length; n > 0; n -= 1) {
    const at = parts.slice(0, n).join('/');
    const target = (await tree.stat(at))?.linkTarget;
    if (target === undefined) continue;
    const led = posix.join('/', target.startsWith('/') ? '' : dirname(at), target).slice(1);
    if (led !== '' && (await tree.stat(led)) === undefined) return `${at} is a link to ${target}`;
  }
  return undefined;
}

function isFrom({ name, value = '' }: Flag): boolean {
  return name === 'from' || (name === 'mount' && /(?:^|,)\s*from=/i.test(value));
}

/** Problems of a preview with that hint where they have none. */
export async function explainMissing(
  problems: readonly Problem[],
  dockerfile: Dockerfile,
  context: LookedIn | undefined,
): Promise<readonly Problem[]> {
  if (context === undefined) return problems;
  return Promise.all(
    problems.map(async (problem) => {
      if (problem.hint !== undefined) return problem;
      const line = dockerfile.lines.positionAt(problem.span.start).line + 1;
      const hint = await missingSourceHint({ message: problem.message, line }, dockerfile, context);
      return hint === undefined ? problem : { ...problem, hint };
    }),
  );
}

/** A file beside it whose name is almost the same, or differs in its ending alone. */
async function nearest(path: string, tree: FileTree): Promise<string | undefined> {
  const folder = dirname(path) === '.' ? '' : dirname(path);
  const entries = await tree.walk(folder, { descend: (entry) => entry.path === folder });
  const names = entries.filter((entry) => entry.path !== folder).map((entry) => basename(entry.path));
  const name = basename(path);
  const stem = basename(name, extname(name));
  const found =
    suggestion(name, names, 'case-sensitive') ??
    names.find((other) => other.toLowerCase() === name.toLowerCase()) ??
    names.find((other) => basename(other, extname(other)) === stem);
  return found === undefined ? undefined : posix.join(folder, found);
}
