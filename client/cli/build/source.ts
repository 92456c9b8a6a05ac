/**
 * What is built: a Dockerfile and a context, which is a directory, an address, or an archive on stdin.
 * `-` as context is a Dockerfile or a tar archive on stdin, `-f -` a Dockerfile on stdin beside any other context, as in docker's CLI.
 */

import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';

import type { BuildOptions } from '../../../core/build/options.ts';
import { projectId } from '../../../core/build/project-id.ts';
import { problemsOfAnyBuild } from '../../../core/build/reading-problems.ts';
import { type RemoteContext, remoteContextOf } from '../../../core/build/remote-context.ts';
import { readContextAddress } from '../../../core/build/remote-source.ts';
import type { FileTree } from '../../../core/context/file-tree.ts';
import type { FoundIgnoreFile } from '../../../core/context/ignore.ts';
import { memoryTree } from '../../../core/context/memory-tree.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { NaruError } from '../../../core/errors.ts';
import { openBuildContext } from '../../../local/build-context.ts';
import { readText } from '../../../local/http/body.ts';
import { download } from '../../../local/http/download.ts';
import type { LookedIn } from '../../../local/missing-source.ts';
import { readInput } from '../../../local/read-input.ts';
import { systemReason } from '../../../local/system-reason.ts';
import { type ContextSource, directorySource } from '../../driver/sync/context-source.ts';
import type { CliIo } from '../io.ts';
import type { BuildFlags } from './flags.ts';
import { checkIgnoreFile, openProject, refuseErrors } from './project.ts';
import { isArchiveStart, peek } from './stdin-archive.ts';

export type SourceContext =
  /** Ignore patterns applied. */
  | { readonly kind: 'files'; readonly files: ContextSource }
  /** The engine fetches it. */
  | { readonly kind: 'address'; readonly context: RemoteContext }
  /** The engine gets it as it is. */
  | { readonly kind: 'archive'; readonly bytes: AsyncIterable<Uint8Array> };

export interface BuildSource {
  /** As messages call it; without `text` its path in the context. */
  readonly file: string;
  readonly text?: string;
  readonly project: string;
  readonly context: SourceContext;
  /** For what a failure says about files; a directory of ours only. */
  readonly lookedIn?: LookedIn;
  /** Keeps what was learned about the files for the next build. */
  save(): Promise<void>;
}

const MAX_DOCKERFILE_BYTES = 16 * 1024 * 1024;

/** `seen`: of the context, when it is a directory. @throws NaruError "invalid-argument" for what cannot be read, or for the first error in the Dockerfile */
export async function openSource(
  contextPath: string,
  flags: BuildFlags,
  buildArgs: BuildOptions['buildArgs'],
  io: CliIo,
  seen?: ContextSource['seen'],
): Promise<BuildSource> {
  if (contextPath === '-') return stdinSource(flags, io);
  const found = await stat(resolve(io.cwd, contextPath)).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    const address = readContextAddress(contextPath);
    if (address?.kind === 'fault') throw new NaruError('invalid-argument', 'E_ADDRESS', address.message);
    if (address !== undefined) {
      return remoteSource(contextPath, remoteContextOf(address, buildArgs), flags, io);
    }
    if (found !== undefined) throw noFolder(contextPath, flags);
  }
  const given = await givenDockerfile(flags, io);
  return given === undefined
    ? directoryOf(contextPath, flags, io, seen)
    : directoryBeside(contextPath, given, io);
}

interface GivenDockerfile {
  readonly file: string;
  readonly text: string;
}

async function directoryOf(
  contextPath: string,
  flags: BuildFlags,
  io: CliIo,
  seen: ContextSource['seen'],
): Promise<BuildSource> {
  const { file, dockerfile, context } = await openProject(contextPath, flags, io);
  const { tree, ignoreFile } = await context.view();
  checkIgnoreFile(ignoreFile);
  const { root, known } = context.directory;
  return {
    file,
    text: dockerfile.text,
    project: context.project,
    context: {
      kind: 'files',
      files: directorySource(root, tree, known, ignoreFile === undefined ? seen : undefined),
    },
    lookedIn: lookedIn(root, tree, ignoreFile),
    save: () => context.directory.save(),
  };
}

function lookedIn(directory: string, tree: FileTree, ignoreFile: FoundIgnoreFile | undefined): LookedIn {
  return { directory, tree, ignoreFile };
}

/** A directory whose Dockerfile does not lie in it. */
async function directoryBeside(
  contextPath: string,
  { file, text }: GivenDockerfile,
  io: CliIo,
): Promise<BuildSource> {
  const directory = resolve(io.cwd, contextPath);
  const context = await openBuildContext(join(directory, 'Dockerfile'), directory);
  const { tree, ignoreFile } = await context.view();
  checkIgnoreFile(ignoreFile);
  return {
    file,
    text,
    project: context.project,
    context: { kind: 'files', files: directorySource(context.directory.root, tree, context.directory.known) },
    lookedIn: lookedIn(context.directory.root, tree, ignoreFile),
    save: () => context.directory.save(),
  };
}

/** Docker: an absolute `-f` is a file of ours, a relative one lies in the context. */
async function remoteSource(
  address: string,
  context: RemoteContext,
  flags: BuildFlags,
  io: CliIo,
): Promise<BuildSource> {
  const { file = 'Dockerfile' } = flags;
  const given =
    (await givenDockerfile(flags, io)) ??
    (isAbsolute(file) ? await localDockerfile(file, io.signal) : undefined);
  const project = projectId(given?.file ?? file, address);
  return {
    ...(given ?? { file }),
    project,
    context: { kind: 'address', context },
    save: async () => undefined,
  };
}

async function stdinSource(flags: BuildFlags, io: CliIo): Promise<BuildSource> {
  const { file } = flags;
  if (file === '-') {
    const message = "invalid argument: can't use stdin for both build context and dockerfile";
    throw new NaruError('invalid-argument', 'E_STDIN', message);
  }
  const { start, bytes } = await peek(io.stdin);
  const shared = { project: projectId(file ?? 'Dockerfile', io.cwd), save: async () => undefined };
  if (isArchiveStart(start)) {
    const given =
      file !== undefined && /^https?:\/\//.test(file) ? await givenDockerfile(flags, io) : undefined;
    return { ...(given ?? { file: file ?? 'Dockerfile' }), ...shared, context: { kind: 'archive', bytes } };
  }
  if (file !== undefined) {
    const message = 'ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles';
    throw new NaruError('invalid-argument', 'E_STDIN', message);
  }
  const text = await readText(bytes, MAX_DOCKERFILE_BYTES);
  checkDockerfile('Dockerfile', text);
  const files: ContextSource = { tree: memoryTree({ '/': {} }), open: async () => undefined };
  return { file: 'Dockerfile', text, ...shared, context: { kind: 'files', files } };
}

/** A Dockerfile from stdin or from an address; undefined where `-f` is a path. */
async function givenDockerfile({ file }: BuildFlags, io: CliIo): Promise<GivenDockerfile | undefined> {
  if (file === undefined) return undefined;
  const isAddress = /^https?:\/\//.test(file);
  if (file !== '-' && !isAddress) return undefined;
  const text = isAddress
    ? await readText((await download(file, io.signal)).body, MAX_DOCKERFILE_BYTES)
    : await readText(io.stdin, MAX_DOCKERFILE_BYTES);
  checkDockerfile(file, text);
  return { file, text };
}

async function localDockerfile(file: string, signal: AbortSignal): Promise<GivenDockerfile> {
  const bytes = await readInput(file, signal).catch((cause: unknown) => {
    if (cause instanceof NaruError) throw cause;
    const message = `failed to read dockerfile: open ${file}: ${systemReason(cause)}`;
    throw new NaruError('invalid-argument', 'E_NO_DOCKERFILE', message, { cause });
  });
  const text = bytes.toString('utf8');
  checkDockerfile(file, text);
  return { file, text };
}

/** A file as context is most often the Dockerfile; the first words are docker's. */
function noFolder(path: string, { file }: BuildFlags): NaruError {
  const hint =
    file === undefined
      ? `the Dockerfile is named with -f, and beside it the folder: -f ${path} ${dirname(path)}`
      : `name the folder whose files the build may read, such as ${dirname(path)}`;
  return new NaruError('invalid-argument', 'E_NO_CONTEXT', `context must be a directory: ${path}`, { hint });
}

function checkDockerfile(file: string, text: string): void {
  const { value, problems } = readDockerfile(text);
  refuseErrors(file, value, problemsOfAnyBuild(problems));
}
