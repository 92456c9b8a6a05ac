/** What is to be built: the Dockerfile as read, its context, and the paths that both are known by. */

import { access } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

import { problemsOfAnyBuild } from '../../../core/build/reading-problems.ts';
import { isOfRequest } from '../../../core/build/request-faults.ts';
import { type FoundIgnoreFile, readIgnoreFile } from '../../../core/context/ignore.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { Dockerfile } from '../../../core/dockerfile/types.ts';
import { NaruError } from '../../../core/errors.ts';
import { lineIndex, type Problem } from '../../../core/source.ts';
import { type BuildContext, openBuildContext } from '../../../local/build-context.ts';
import { readInput } from '../../../local/read-input.ts';
import { systemReason } from '../../../local/system-reason.ts';
import type { CliIo } from '../io.ts';
import type { BuildFlags } from './flags.ts';

export interface BuildProject {
  /** As shown in messages. */
  readonly file: string;
  readonly dockerfile: Dockerfile;
  readonly context: BuildContext;
}

/** The Dockerfile may be a pipe. @throws NaruError "cancelled", "invalid-argument": no such file or folder, or the first error in the Dockerfile with its place */
export async function openProject(
  contextPath: string,
  flags: BuildFlags,
  { cwd, signal }: Pick<CliIo, 'cwd' | 'signal'>,
): Promise<BuildProject> {
  const directory = resolve(cwd, contextPath);
  const file = flags.file ?? (await defaultFile(contextPath, cwd));
  if (!(await isThere(directory))) {
    const message = `unable to prepare context: path ${JSON.stringify(contextPath)} not found`;
    throw new NaruError('invalid-argument', 'E_NO_CONTEXT', message);
  }
  const bytes = await readInput(resolve(cwd, file), signal).catch((cause: unknown) => {
    if (cause instanceof NaruError) throw cause;
    const name = basename(file);
    const message = `failed to read dockerfile: open ${name}: ${systemReason(cause)}`;
    const place = file === name ? '' : `looked for at ${file}; `;
    const hint = `${place}name another with -f`;
    throw new NaruError('invalid-argument', 'E_NO_DOCKERFILE', message, { hint, cause });
  });
  const { value: dockerfile, problems } = readDockerfile(bytes.toString('utf8'));
  refuseErrors(file, dockerfile, problemsOfAnyBuild(problems));
  return { file, dockerfile, context: await openBuildContext(resolve(cwd, file), directory) };
}

/** Docker: `dockerfile` where there is no `Dockerfile`. */
async function defaultFile(contextPath: string, cwd: string): Promise<string> {
  const usual = join(contextPath, 'Dockerfile');
  const other = join(contextPath, 'dockerfile');
  if (await isThere(resolve(cwd, usual))) return usual;
  return (await isThere(resolve(cwd, other))) ? other : usual;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** In BuildKit's words; the hint shows the line. @throws NaruError "invalid-argument" */
export function checkIgnoreFile(ignoreFile: FoundIgnoreFile | undefined): void {
  if (ignoreFile === undefined) return;
  const { path: file, text } = ignoreFile;
  const [problem] = readIgnoreFile(text).problems;
  if (problem === undefined) return;
  const location = { file, start: lineIndex(text).positionAt(problem.span.start) };
  const message = problem.message.replace(/^invalid ignore pattern "(?:[^"\\]|\\.)*": /, '');
  throw new NaruError('invalid-argument', problem.code, message, {
    location,
    hint: problem.message,
  });
}

/** @throws NaruError "invalid-argument" for the first problem of severity error */
export function refuseErrors(file: string, dockerfile: Dockerfile, problems: readonly Problem[]): void {
  const error = problems.find(({ severity }) => severity === 'error');
  if (error) throw errorOf(file, dockerfile, error);
}

/** A problem with its place, unless it is about what was asked for. */
export function errorOf(file: string, dockerfile: Dockerfile, problem: Problem): NaruError {
  const location = { file, start: dockerfile.lines.positionAt(problem.span.start) };
  return new NaruError('invalid-argument', problem.code, problem.message, {
    ...(isOfRequest(problem) ? {} : { location }),
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
  });
}
