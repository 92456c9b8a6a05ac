/**
 * A build context that came as one tar archive (`POST /build`): the contents lie in numbered files, what the archive says of them is kept in memory.
 * Paths of the archive never reach the file system, so none can leave it; contents are hashed while they are written.
 */

import { createHash, randomUUID } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';

import { contextTree } from '../../core/context/context-tree.ts';
import type { FileEntry, FileKind, FileTree } from '../../core/context/file-tree.ts';
import { findIgnoreFile, type FoundIgnoreFile, readIgnoreFile } from '../../core/context/ignore.ts';
import { findEntry, sortListing, walkListing } from '../../core/context/listing.ts';
import { tooLarge } from '../../core/context/memory-tree.ts';
import { parentPath, treePath } from '../../core/context/paths.ts';
import { NaruError } from '../../core/errors.ts';
import { type Digest, digestOfHash } from '../../core/oci/digest.ts';
import { lineIndex, type Problem } from '../../core/source.ts';
import type { TarEntry } from '../../core/tar/entry.ts';
import { decompressed } from '../../local/tar/decompress.ts';
import { readTar } from '../../local/tar/reader.ts';
import type { HostedTree } from './hosted-tree.ts';

export interface ArchiveContext {
  /** `.dockerignore` applied. */
  readonly tree: HostedTree;
  readonly dockerfile: string;
  remove(): Promise<void>;
}

export interface ArchiveContextOptions {
  /** A directory for this context is made in it. */
  readonly directory: string;
  /** Path in the archive. */
  readonly dockerfile: string;
  readonly signal: AbortSignal;
}

const MAX_DOCKERFILE_BYTES = 4 * 1024 * 1024;

/** @throws NaruError in Docker's words when the Dockerfile is not in the archive */
export async function openArchiveContext(
  body: AsyncIterable<Uint8Array>,
  options: ArchiveContextOptions,
): Promise<ArchiveContext> {
  const directory = join(options.directory, randomUUID());
  await fs.mkdir(directory, { recursive: true, mode: 0o700 });
  async function remove(): Promise<void> {
    await fs.rm(directory, { recursive: true, force: true });
  }
  try {
    const files = await receive(body, directory, options.signal);
    const path = treePath(options.dockerfile);
    const bytes = await files.read(path, MAX_DOCKERFILE_BYTES);
    if (bytes === undefined) {
      const message = `Cannot locate specified Dockerfile: ${options.dockerfile}`;
      throw new NaruError('invalid-argument', 'E_NO_DOCKERFILE', message);
    }
    const ignored = await findIgnoreFile(files, path, files);
    const { value: rules, problems } = readIgnoreFile(ignored?.text ?? '');
    const [fault] = problems;
    if (ignored !== undefined && fault !== undefined) throw ignoreFault(ignored, fault);
    const visible = contextTree(files, rules.matcher);
    const tree: HostedTree = {
      ...visible,
      hostPath: (file) => files.hostPath(file),
      donor: (file) => files.donor?.(file),
    };
    return { tree, dockerfile: Buffer.from(bytes).toString(), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** BuildKit refuses a list with a faulty pattern, too. */
function ignoreFault({ path, text }: FoundIgnoreFile, { code, message, span }: Problem): NaruError {
  const lines = lineIndex(text);
  const location = { file: path, start: lines.positionAt(span.start), end: lines.positionAt(span.end) };
  return new NaruError('invalid-argument', code, message, { location });
}

interface Content {
  readonly hostPath: string;
  readonly digest: Digest;
}

async function receive(
  body: AsyncIterable<Uint8Array>,
  directory: string,
  signal: AbortSignal,
): Promise<HostedTree> {
  const entries = new Map<string, FileEntry>([['', directoryEntry('')]]);
  const contents = new Map<string, Content>();
  let nFiles = 0;
  for await (const { entry, content } of readTar(decompressed(body), signal)) {
    const path = memberPath(entry.path, entry.path);
    if (path === '') continue;
    addParents(entries, path, entry.path);
    if (entry.kind === 'hardlink') {
      const target = memberPath(entry.linkTarget ?? '', entry.path);
      const [linked, bytes] = [entries.get(target), contents.get(target)];
      if (linked !== undefined && linked.kind !== 'dir') {
        const one =
          linked.kind === 'file' ? { ...linked, inode: linked.inode ?? bytes?.hostPath ?? target } : linked;
        entries.set(target, one);
        entries.set(path, { ...one, path });
        if (bytes !== undefined) contents.set(path, bytes);
        continue;
      }
      throw hostileMember(
        entry.path,
        `it links to ${JSON.stringify(entry.linkTarget)}, which is no file before it`,
      );
    }
    if (entries.get(path)?.kind === 'dir' && entry.kind !== 'dir') {
      throw hostileMember(entry.path, 'it is a directory as well');
    }
    entries.set(path, entryOf(path, entry, entry.kind));
    if (entry.kind !== 'file') continue;
    nFiles += 1;
    const hostPath = join(directory, String(nFiles));
    contents.set(path, { hostPath, digest: await write(hostPath, content) });
  }
  return treeOf(entries, contents);
}

/** Synchronous writes: most files are one small chunk, and a round trip through the thread pool costs more than the write. */
async function write(path: string, content: AsyncIterable<Uint8Array>): Promise<Digest> {
  const hash = createHash('sha256');
  const file = openSync(path, 'wx', 0o600);
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at);
    }
  } finally {
    closeSync(file);
  }
  return digestOfHash(hash);
}

/** What is in a context belongs to 0:0. */
function entryOf(path: string, entry: TarEntry, kind: FileKind): FileEntry {
  const { mode, sizeBytes, mtimeNs, linkTarget, device, xattrs } = entry;
  return {
    path,
    kind,
    mode: kind === 'symlink' ? 0o777 : mode & 0o7777,
    uid: 0,
    gid: 0,
    sizeBytes,
    mtimeNs,
    ...(kind === 'symlink' && linkTarget !== undefined ? { linkTarget } : {}),
    ...(device === undefined ? {} : { device }),
    ...(xattrs === undefined ? {} : { xattrs }),
  };
}

function directoryEntry(path: string): FileEntry {
  return { path, kind: 'dir', mode: 0o755, uid: 0, gid: 0, sizeBytes: 0, mtimeNs: 0n };
}

/** Archives may leave directories out. */
function addParents(entries: Map<string, FileEntry>, path: string, shown: string): void {
  let at = parentPath(path);
  for (; !entries.has(at); at = parentPath(at)) entries.set(at, directoryEntry(at));
  if (entries.get(at)?.kind !== 'dir') throw hostileMember(shown, `/${at} is no directory`);
}

/** Docker refuses them as well ("is outside of"), though nothing is ever opened by these names here. */
function memberPath(path: string, shown: string): string {
  if (path.split('/').includes('..')) throw hostileMember(shown, 'it points outside the context');
  return treePath(path);
}

function hostileMember(path: string, why: string): NaruError {
  const message = `invalid build context: ${JSON.stringify(path)}: ${why}`;
  return new NaruError('invalid-argument', 'E_CONTEXT_MEMBER', message);
}

function treeOf(entries: ReadonlyMap<string, FileEntry>, contents: ReadonlyMap<string, Content>): HostedTree {
  const listing = sortListing(entries.values());
  const read: FileTree['read'] = async (path, maxBytes) => {
    const content = contents.get(path);
    const entry = entries.get(path);
    if (content === undefined || entry === undefined) return undefined;
    if (entry.sizeBytes > maxBytes) throw tooLarge(path, entry.sizeBytes, maxBytes);
    return fs.readFile(content.hostPath);
  };
  return {
    stat: async (path) => findEntry(listing, path),
    walk: async (path, options) => walkListing(listing, path, options),
    digests: async (paths) => paths.map((path) => contents.get(path)?.digest),
    read,
    donor: (path) => {
      const content = contents.get(path);
      return content && { kind: 'content', path: content.hostPath, digest: content.digest };
    },
    hostPath: (path) => {
      const content = contents.get(path);
      if (content !== undefined) return content.hostPath;
      throw new NaruError('not-found', 'E_FILE_VANISHED', `${JSON.stringify(`/${path}`)}: not found`);
    },
  };
}
