/**
 * A FileTree over the layers of a committed snapshot, without mounting them. The layers never change, so neither do its answers.
 * Symbolic links on the way to a path are followed inside the tree, as after chroot(2); the last one is not.
 */

import { createHash } from 'node:crypto';
import * as fs from 'node:fs';

import { NaruError } from '../../core/errors.ts';
import type { FileEntry, FileKind, FileTree, WalkOptions } from '../../core/context/file-tree.ts';
import { type Digest, parseDigest } from '../../core/oci/digest.ts';
import { decodePath } from '../../core/tar/path-bytes.ts';
import type { HashJob, HashPool } from '../../local/hash-pool.ts';
import { deviceNumbers } from '../host/syscalls.ts';
import { imageXattrs } from './layer-writer.ts';
import * as overlay from './overlay-files.ts';

/** A tree whose files lie in layers on this host. */
export interface LayeredTree extends FileTree {
  /** Host path of the visible regular file; undefined when there is none. The file must not be written. */
  filePath(path: string): string | Buffer | undefined;
}

export interface MergedTreeOptions {
  readonly namespace: overlay.XattrNamespace;
  readonly hashPool: HashPool;
}

/** `layers` are upper directories, topmost first; none is an empty tree. */
export function mergedTree(layers: readonly string[], options: MergedTreeOptions): LayeredTree {
  const { namespace, hashPool } = options;
  const merged: Merged = { root: { layers }, namespace, parents: new Map() };
  return {
    filePath: (path) => {
      const found = locate(merged, path);
      return found?.stats.isFile() === true ? found.path : undefined;
    },
    stat: async (path) => {
      const found = locate(merged, path);
      return found === undefined ? undefined : describe(trimmed(path), found);
    },
    walk: (path, options) => walk(merged, trimmed(path), options ?? {}),
    digests: (paths, signal) => digests(merged, hashPool, paths, signal),
    read: async (path, maxBytes) => {
      const found = locate(merged, path);
      if (found === undefined) return undefined;
      if (!found.stats.isFile() || found.stats.size > maxBytes) {
        const text = `${JSON.stringify(path)} is not a file of at most ${maxBytes} bytes`;
        throw new NaruError('invalid-argument', 'E_FILE_SIZE', text);
      }
      return await fs.promises.readFile(found.path);
    },
  };
}

interface Merged {
  readonly root: overlay.MergedDirectory;
  readonly namespace: overlay.XattrNamespace;
  /** Where a directory's path leads, for the files in it; undefined: nowhere. */
  readonly parents: Map<string, readonly overlay.MergedChild[] | undefined>;
}

const MAX_LINKS = 40;
/** Entries between two turns of the event loop. */
const ENTRIES_PER_TURN = 500;

/** The root of an empty tree is absent. Unresolvable links and missing parents answer undefined. */
function locate(merged: Merged, path: string): overlay.MergedChild | undefined {
  const parts = partsOf(path);
  const name = parts.pop();
  if (name === undefined || name === '..') return trail(merged, path)?.at(-1);
  const parentPath = parts.join('/');
  if (!merged.parents.has(parentPath)) merged.parents.set(parentPath, trail(merged, `${parentPath}/.`));
  const directory = merged.parents.get(parentPath)?.at(-1)?.directory;
  return directory && overlay.mergedChild(directory, name, merged.namespace);
}

/** The root, the directories on the way and what is at the path; a link at its end is followed when the path ends in `/.`. */
function trail(merged: Merged, path: string): readonly overlay.MergedChild[] | undefined {
  const top = merged.root.layers[0];
  if (top === undefined) return undefined;
  const root: overlay.MergedChild = { name: '', path: top, stats: fs.lstatSync(top), directory: merged.root };
  const above: overlay.MergedChild[] = [root];
  const followsLast = path.endsWith('/.');
  let pending = partsOf(path);
  let nLinks = 0;
  while (pending.length > 0) {
    const [name = '', ...rest] = pending;
    pending = rest;
    if (name === '..') {
      if (above.length > 1) above.pop();
      continue;
    }
    const parent = above.at(-1)?.directory;
    const child = parent && overlay.mergedChild(parent, name, merged.namespace);
    if (child === undefined) return undefined;
    if (child.stats.isSymbolicLink() && (pending.length > 0 || followsLast)) {
      nLinks += 1;
      if (nLinks > MAX_LINKS) return undefined;
      const target = linkTarget(child.path);
      if (target.startsWith('/')) above.length = 1;
      pending = [...partsOf(target), ...pending];
    } else {
      above.push(child);
    }
  }
  return above;
}

async function walk(merged: Merged, path: string, options: WalkOptions): Promise<readonly FileEntry[]> {
  const start = locate(merged, path);
  if (start === undefined) return [];
  const entries: FileEntry[] = [];
  // A stack instead of recursion: the next to visit is last.
  const pending = [{ path, child: start }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (entries.length % ENTRIES_PER_TURN === 0) await turn(options.signal);
    const entry = describe(next.path, next.child);
    entries.push(entry);
    const directory = next.child.directory;
    if (directory === undefined || options.descend?.(entry) === false) continue;
    const prefix = next.path === '' ? '' : `${next.path}/`;
    const children = overlay.mergedChildren(directory, merged.namespace);
    for (const child of children.toReversed()) pending.push({ path: prefix + child.name, child });
  }
  return entries;
}

/** Lets other work run, and leaves when the caller did. */
async function turn(signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true)
    throw new NaruError('cancelled', 'E_CANCELLED', 'walking a snapshot was cancelled');
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}

async function digests(
  merged: Merged,
  hashPool: HashPool,
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly (Digest | undefined)[]> {
  const answers: (Digest | undefined)[] = Array.from({ length: paths.length });
  const jobs: (HashJob & { readonly at: number })[] = [];
  for (const [at, path] of paths.entries()) {
    if (at % ENTRIES_PER_TURN === 0) await turn(signal);
    const found = locate(merged, path);
    if (found?.stats.isFile() !== true) continue;
    if (typeof found.path === 'string') jobs.push({ at, path: found.path, sizeBytes: found.stats.size });
    else answers[at] = await digestOfFile(found.path);
  }
  const outcomes = await hashPool.hash(jobs, signal);
  for (const [nth, { at, path }] of jobs.entries()) {
    const outcome = outcomes[nth];
    if (outcome?.kind !== 'hashed') {
      const code = outcome?.kind === 'unreadable' ? outcome.code : 'ENOENT';
      throw new NaruError('internal', 'E_LAYER_FILE', `cannot read ${path} of a layer: ${code}`);
    }
    answers[at] = outcome.digest;
  }
  return answers;
}

/** For names that are not UTF-8. */
async function digestOfFile(path: Buffer): Promise<Digest> {
  const hash = createHash('sha256');
  for await (const chunk of fs.createReadStream(path, { highWaterMark: 256 * 1024 })) {
    hash.update(chunk as Uint8Array); // a stream without encoding yields Buffers
  }
  return parseDigest(`sha256:${hash.digest('hex')}`);
}

function describe(path: string, child: overlay.MergedChild): FileEntry {
  const stats = fs.lstatSync(child.path, { bigint: true });
  const kind = kindOf(child.stats);
  const xattrs = imageXattrs(kind === 'dir' ? overlay.joinPath(child.path, '.') : child.path);
  return {
    path,
    kind,
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    sizeBytes: kind === 'file' ? Number(stats.size) : 0,
    mtimeNs: stats.mtimeNs,
    ...(kind === 'symlink' ? { linkTarget: linkTarget(child.path) } : {}),
    ...(kind.endsWith('device') ? { device: deviceNumbers(Number(stats.rdev)) } : {}),
    ...(xattrs === undefined ? {} : { xattrs }),
  };
}

function kindOf(stats: fs.Stats): FileKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'dir';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return stats.isBlockDevice() ? 'block-device' : 'char-device';
}

function linkTarget(path: string | Buffer): string {
  return decodePath(fs.readlinkSync(path, { encoding: 'buffer' }));
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}
