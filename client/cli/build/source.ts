/**
 * What `naru build` sends: the Dockerfile's text and the files of the context, from a directory or from stdin.
 * `-` as context is a Dockerfile or a tar archive on stdin, `-f -` a Dockerfile on stdin beside a directory, as in docker's CLI.
 */

import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';

import { projectId } from '../../../core/build/project-id.ts';
import { contextTree } from '../../../core/context/context-tree.ts';
import { findIgnoreFile, readIgnoreFile } from '../../../core/context/ignore.ts';
import { type MemoryFile, memoryTree } from '../../../core/context/memory-tree.ts';
import { treePath } from '../../../core/context/paths.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { NaruError } from '../../../core/errors.ts';
import { openBuildContext } from '../../../local/build-context.ts';
import { decompressed } from '../../../local/tar/decompress.ts';
import { readMember, readTar } from '../../../local/tar/reader.ts';
import { type ContextSource, directorySource } from '../../driver/sync/context-source.ts';
import type { CliIo } from '../io.ts';
import type { BuildFlags } from './flags.ts';
import { openProject, refuseErrors } from './project.ts';

export interface BuildSource {
  /** As messages call it. */
  readonly file: string;
  readonly text: string;
  readonly project: string;
  /** Ignore patterns applied. */
  readonly context: ContextSource;
  /** Keeps what was learned about the files for the next build. */
  save(): Promise<void>;
}

/** An archive on stdin is held in memory, so it has a limit. */
const MAX_STDIN_BYTES = 1024 * 1024 * 1024;

/** @throws NaruError "invalid-argument" for what cannot be read, or for the first error in the Dockerfile */
export async function openSource(contextPath: string, flags: BuildFlags, io: CliIo): Promise<BuildSource> {
  if (contextPath === '-') return stdinSource(await readStdin(io), flags, io);
  if (flags.file !== '-') {
    const { file, dockerfile, context } = await openProject(contextPath, flags, io.cwd);
    const { tree, ignoreFile } = await context.view();
    checkIgnoreFile(ignoreFile?.text);
    return {
      file,
      text: dockerfile.text,
      project: context.project,
      context: directorySource(context.directory.root, tree, context.directory.known),
      save: () => context.directory.save(),
    };
  }
  const text = (await readStdin(io)).toString('utf8');
  checkDockerfile('-', text);
  const directory = resolve(io.cwd, contextPath);
  const context = await openBuildContext(join(directory, 'Dockerfile'), directory);
  const { tree, ignoreFile } = await context.view();
  checkIgnoreFile(ignoreFile?.text);
  return {
    file: '-',
    text,
    project: context.project,
    context: directorySource(context.directory.root, tree, context.directory.known),
    save: () => context.directory.save(),
  };
}

/** One more directory, of `--build-context`, without what its own ignore file takes out. */
export async function namedDirectory(path: string): Promise<BuildSource['context']> {
  const context = await openBuildContext(join(path, 'Dockerfile'), path);
  const { tree, ignoreFile } = await context.view();
  checkIgnoreFile(ignoreFile?.text);
  return directorySource(context.directory.root, tree, context.directory.known);
}

async function stdinSource(bytes: Buffer, flags: BuildFlags, io: CliIo): Promise<BuildSource> {
  const files = await archiveFiles(bytes);
  const path = flags.file ?? 'Dockerfile';
  const whole = memoryTree(files ?? { '/': {} });
  const text = files === undefined ? bytes : await whole.read(treePath(path), MAX_STDIN_BYTES);
  if (text === undefined) {
    const message = `failed to read dockerfile: open ${path}: no such file or directory`;
    throw new NaruError('invalid-argument', 'E_NO_DOCKERFILE', message, { hint: 'name it with -f' });
  }
  const dockerfile = Buffer.from(text).toString('utf8');
  checkDockerfile(path, dockerfile);
  const ignored = await findIgnoreFile(whole, treePath(path), whole);
  const tree = contextTree(whole, readIgnoreFile(ignored?.text ?? '').value.matcher);
  return {
    file: path,
    text: dockerfile,
    project: projectId(path, io.cwd),
    context: {
      tree,
      open: async (file) => {
        const content = await whole.read(file, MAX_STDIN_BYTES);
        if (content === undefined) return undefined;
        return { sizeBytes: content.length, chunks: Readable.from([content]), close: async () => undefined };
      },
    },
    save: async () => undefined,
  };
}

/** Undefined when the bytes are no archive. */
async function archiveFiles(bytes: Buffer): Promise<Record<string, MemoryFile> | undefined> {
  const plain: Uint8Array[] = [];
  for await (const chunk of decompressed(Readable.from([bytes]))) plain.push(chunk);
  const tar = Buffer.concat(plain);
  if (tar.toString('latin1', 257, 262) !== 'ustar') return undefined;
  const files: Record<string, MemoryFile> = {};
  for await (const member of readTar(Readable.from([tar]))) {
    const { path, kind, mode, mtimeNs, linkTarget } = member.entry;
    const name = treePath(path);
    if (kind === 'dir') files[`${name}/`] = { mode, mtimeNs };
    else if (kind === 'symlink') files[name] = { mtimeNs, linkTarget: linkTarget ?? '' };
    else if (kind === 'file')
      files[name] = { mode, mtimeNs, content: await readMember(member, MAX_STDIN_BYTES) };
    else if (kind === 'hardlink') {
      const same = files[treePath(linkTarget ?? '')];
      if (same !== undefined) files[name] = same;
    }
  }
  return files;
}

async function readStdin(io: CliIo): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of io.stdin) {
    const bytes = Buffer.from(chunk as Uint8Array); // stdin has no encoding set
    size += bytes.length;
    if (size > MAX_STDIN_BYTES) {
      throw new NaruError('invalid-argument', 'E_CONTEXT_SIZE', 'what came on stdin is larger than 1 GiB');
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** In BuildKit's words; the hint shows the line. */
function checkIgnoreFile(text: string | undefined): void {
  const [problem] = readIgnoreFile(text ?? '').problems;
  if (problem === undefined) return;
  throw new NaruError('invalid-argument', problem.code, 'syntax error in pattern', { hint: problem.message });
}

function checkDockerfile(file: string, text: string): void {
  const { value, problems } = readDockerfile(text);
  refuseErrors(file, value, problems);
}
