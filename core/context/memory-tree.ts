/** A FileTree in memory: for heredocs, for Dockerfiles that come as text, and for tests. */

import { NaruError } from '../errors.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import type { FileEntry, FileKind, FileTree } from './file-tree.ts';
import { findEntry, sortListing, walkListing } from './listing.ts';
import { parentPath, treePath } from './paths.ts';

export interface MemoryFile {
  /** Default "symlink" with a link target, "file" otherwise. */
  readonly kind?: FileKind;
  readonly content?: string | Uint8Array;
  /** Default 0o755 for directories, 0o777 for symlinks, 0o644 for the rest. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtimeNs?: bigint;
  readonly linkTarget?: string;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
}

/**
 * Keys are paths; one that ends in a slash is a directory. Directories above a file are made where they are not listed.
 * A string or bytes are the content of a file with mode 0644, owner 0:0 and time 0.
 */
export function memoryTree(files: Readonly<Record<string, string | Uint8Array | MemoryFile>>): FileTree {
  const entries = new Map<string, FileEntry>();
  const contents = new Map<string, Uint8Array>();
  for (const [key, value] of Object.entries(files)) {
    const path = treePath(key);
    const file = fileOf(key, value);
    const bytes = bytesOf(file.content ?? '');
    entries.set(path, entryOf(path, file, bytes.length));
    if (entries.get(path)?.kind === 'file') contents.set(path, bytes);
  }
  for (const path of Array.from(entries.keys())) addParents(entries, path);
  const listing = sortListing(entries.values());

  async function read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const bytes = contents.get(path);
    if (bytes !== undefined && bytes.length > maxBytes) throw tooLarge(path, bytes.length, maxBytes);
    return bytes;
  }
  return {
    stat: async (path) => findEntry(listing, path),
    walk: async (path, options) => walkListing(listing, path, options),
    digests: async (paths) => paths.map((path) => digestAt(contents, path)),
    read,
  };
}

/** Thrown by every FileTree's `read` for a file above the caller's bound. */
export function tooLarge(path: string, sizeBytes: number, maxBytes: number): NaruError {
  return new NaruError(
    'invalid-argument',
    'E_FILE_TOO_LARGE',
    `${path} has ${sizeBytes} bytes, more than the ${maxBytes} that are read`,
  );
}

function fileOf(key: string, value: string | Uint8Array | MemoryFile): MemoryFile {
  const file = typeof value === 'string' || value instanceof Uint8Array ? { content: value } : value;
  return key.endsWith('/') || key === '' ? { ...file, kind: 'dir' } : file;
}

function entryOf(path: string, file: MemoryFile, sizeBytes: number): FileEntry {
  const kind = file.kind ?? (file.linkTarget === undefined ? 'file' : 'symlink');
  return {
    path,
    kind,
    mode: file.mode ?? defaultMode(kind),
    uid: file.uid ?? 0,
    gid: file.gid ?? 0,
    sizeBytes: kind === 'file' ? sizeBytes : 0,
    mtimeNs: file.mtimeNs ?? 0n,
    ...(file.linkTarget === undefined ? {} : { linkTarget: file.linkTarget }),
    ...(file.device === undefined ? {} : { device: file.device }),
    ...(file.xattrs === undefined ? {} : { xattrs: file.xattrs }),
  };
}

function defaultMode(kind: FileKind): number {
  if (kind === 'dir') return 0o755;
  return kind === 'symlink' ? 0o777 : 0o644;
}

function addParents(entries: Map<string, FileEntry>, path: string): void {
  if (path === '') return;
  const parent = parentPath(path);
  if (!entries.has(parent)) entries.set(parent, entryOf(parent, { kind: 'dir' }, 0));
  addParents(entries, parent);
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

function digestAt(contents: ReadonlyMap<string, Uint8Array>, path: string): Digest | undefined {
  const bytes = contents.get(path);
  return bytes === undefined ? undefined : digestOf(bytes);
}
