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
import { deviceNumbers } from '../host/syscalls.ts';
import { imageXattrs } from './layer-writer.ts';
import * as overlay from './overlay-files.ts';

/** `layers` are upper directories, topmost first; none is an empty tree. */
export function mergedTree(layers: readonly string[], namespace: overlay.XattrNamespace): FileTree {
  const merged: Merged = { root: { layers }, namespace };
  return {
    stat: async (path) => {
      const found = locate(merged, path);
      return found === undefined ? undefined : describe(trimmed(path), found);
    },
    walk: (path, options) => walk(merged, trimmed(path), options ?? {}),
    digests: (paths, signal) => digests(merged, paths, signal),
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
}

const MAX_LINKS = 40;
/** Entries between two turns of the event loop. */
const ENTRIES_PER_TURN = 500;

/** The root of an empty tree is absent. Unresolvable links and missing parents answer undefined. */
function locate(merged: Merged, path: string): overlay.MergedChild | undefined {
  const top = merged.root.layers[0];
  if (top === undefined) return undefined;
  const root: overlay.MergedChild = { name: '', path: top, stats: fs.lstatSync(top), directory: merged.root };
  const above: overlay.MergedChild[] = [root];
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
    if (child.stats.isSymbolicLink() && pending.length > 0) {
      nLinks += 1;
      if (nLinks > MAX_LINKS) return undefined;
      const target = linkTarget(child.path);
      if (target.startsWith('/')) above.length = 1;
      pending = [...partsOf(target), ...pending];
    } else {
      above.push(child);
    }
  }
  return above.at(-1);
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
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly (Digest | undefined)[]> {
  const answers: (Digest | undefined)[] = [];
  for (const path of paths) {
    if (signal?.aborted === true)
      throw new NaruError('cancelled', 'E_CANCELLED', 'hashing files was cancelled');
    const found = locate(merged, path);
    answers.push(found?.stats.isFile() === true ? await digestOfFile(found.path) : undefined);
  }
  return answers;
}

async function digestOfFile(path: string | Buffer): Promise<Digest> {
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
