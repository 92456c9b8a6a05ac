/**
 * A FileTree over the layers of a committed snapshot, without mounting them. The layers never change, so neither do its answers, and nothing is read twice.
 * Symbolic links on the way to a path are followed inside the tree, as after chroot(2); the last one is not.
 */

import { createHash } from 'node:crypto';
import * as fs from 'node:fs';

import { NaruError } from '../../core/errors.ts';
import type { FileEntry, FileKind, FileTree, WalkOptions } from '../../core/context/file-tree.ts';
import { type Digest, digestOfHash } from '../../core/oci/digest.ts';
import type { HashJob, HashPool } from '../../local/hash-pool.ts';
import { deviceNumbers } from '../host/syscalls.ts';
import { fileKind, type ImageXattrs, readImageXattrs } from './disk-member.ts';
import { FROM_CONTENTS, type LayerInode } from './layer-inodes.ts';
import type { LowerLayer } from './layer-root.ts';
import { followPath, linkTarget, partsOf } from './merged-path.ts';
import * as overlay from './overlay-files.ts';

/** A tree whose files lie in layers on this host. */
export interface LayeredTree extends FileTree {
  /** The visible regular file; undefined when there is none. */
  layerFile(path: string): LayerFile | undefined;
}

/** A regular file of a committed snapshot. */
export interface LayerFile {
  /** On the host. The file must not be written. */
  readonly path: string | Buffer;
  readonly entry: FileEntry;
  /** No safe integer where the file system's numbers are larger. */
  readonly inode: number;
  /** It has extended attributes that images do not carry. */
  readonly hasOtherXattrs: boolean;
  /** Number of the snapshot it lies in. */
  readonly layer: number;
  /** What its layer knows of it; 'lost' when that cannot be read. */
  readonly known: LayerInode | 'lost' | undefined;
}

export interface MergedTreeOptions {
  readonly namespace: overlay.XattrNamespace;
  readonly hashPool: HashPool;
}

/** `layers` topmost first; none is an empty tree. */
export function mergedTree(layers: readonly LowerLayer[], options: MergedTreeOptions): LayeredTree {
  const { namespace, hashPool } = options;
  const root = { layers: layers.map(({ directory }) => directory) };
  const merged: Merged = { root, layers, namespace, parents: new Map(), seen: new Map() };
  return {
    layerFile: (path) => {
      const found = look(merged, path);
      return found?.entry.kind === 'file' ? layerFile(found) : undefined;
    },
    stat: async (path) => look(merged, path)?.entry,
    walk: (path, walkOptions) => walk(merged, trimmed(path), walkOptions ?? {}),
    digests: (paths, signal) => digests(merged, hashPool, paths, signal),
    read: async (path, maxBytes) => {
      const found = look(merged, path);
      if (found === undefined) return undefined;
      if (found.entry.kind !== 'file' || found.entry.sizeBytes > maxBytes) {
        const text = `${JSON.stringify(path)} is not a file of at most ${maxBytes} bytes`;
        throw new NaruError('invalid-argument', 'E_FILE_SIZE', text);
      }
      return await fs.promises.readFile(found.path);
    },
  };
}

interface Merged {
  readonly root: overlay.MergedDirectory;
  readonly layers: readonly LowerLayer[];
  readonly namespace: overlay.XattrNamespace;
  /** Where a directory's path leads, for the files in it; undefined: nowhere. */
  readonly parents: Map<string, readonly overlay.MergedChild[] | undefined>;
  /** By the path it was asked for. */
  readonly seen: Map<string, Seen>;
  /** Where the last file lay: the next one is probably there, too. */
  lastLayer?: LowerLayer;
}

/** A visible file. */
interface Seen {
  readonly entry: FileEntry;
  readonly path: string | Buffer;
  readonly inode: number;
  readonly hasOtherXattrs: boolean;
  readonly layer: LowerLayer;
  readonly directory: overlay.MergedDirectory | undefined;
  /** Of a directory, once it was listed. */
  children?: readonly Seen[];
}

/** Entries between two turns of the event loop. */
const ENTRIES_PER_TURN = 500;

function look(merged: Merged, path: string): Seen | undefined {
  const asked = trimmed(path);
  const known = merged.seen.get(asked);
  if (known !== undefined) return known;
  const child = locate(merged, path);
  return child && see(merged, asked, child);
}

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
function trail({ root, namespace }: Merged, path: string): readonly overlay.MergedChild[] | undefined {
  const followed = followPath(root, path, { namespace, followsLast: path.endsWith('/.') });
  return followed.kind === 'found' ? followed.trail : undefined;
}

function see(merged: Merged, path: string, { path: host, stats, directory }: overlay.MergedChild): Seen {
  const layer = layerAt(merged, host);
  const inode = Number(stats.ino);
  const kind = fileKind(stats);
  const { image, hasOthers } = xattrsOf(layer, kind, host, inode);
  const entry: FileEntry = {
    path,
    kind,
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    sizeBytes: kind === 'file' ? Number(stats.size) : 0,
    mtimeNs: stats.mtimeNs,
    ...(kind === 'symlink' ? { linkTarget: linkTarget(host) } : {}),
    ...(kind.endsWith('device') ? { device: deviceNumbers(Number(stats.rdev)) } : {}),
    // What a layer shares with others counts as well, but no image holds an inode twice but for its own hard links (decision 0050).
    ...(kind === 'file' && stats.nlink > 1n ? { inode: `${layer.number}:${inode}` } : {}),
    ...(image === undefined ? {} : { xattrs: image }),
  };
  const seen = { entry, path: host, inode, hasOtherXattrs: hasOthers, layer, directory };
  merged.seen.set(path, seen);
  return seen;
}

/** Files of build contexts have none, wherever they are linked: they need not be asked. */
function xattrsOf({ inodes }: LowerLayer, kind: FileKind, host: string | Buffer, inode: number): ImageXattrs {
  if (kind === 'file' && inodes?.originOf(inode) === FROM_CONTENTS)
    return { image: undefined, hasOthers: false };
  return readImageXattrs(kind === 'dir' ? overlay.joinPath(host, '.') : host);
}

function layerFile({ path, entry, inode, hasOtherXattrs, layer }: Seen): LayerFile {
  return { path, entry, inode, hasOtherXattrs, layer: layer.number, known: layer.inodes?.get(inode) };
}

/** The layer a host path lies in. */
function layerAt(merged: Merged, path: string | Buffer): LowerLayer {
  const text = path.toString();
  const isIn = ({ directory }: LowerLayer): boolean =>
    text.startsWith(directory) && (text.length === directory.length || text[directory.length] === '/');
  if (merged.lastLayer !== undefined && isIn(merged.lastLayer)) return merged.lastLayer;
  const layer = merged.layers.find(isIn);
  if (layer === undefined)
    throw new NaruError('internal', 'E_LAYER_FILE', `${text} is in no layer of the tree`);
  merged.lastLayer = layer;
  return layer;
}

async function walk(merged: Merged, path: string, options: WalkOptions): Promise<readonly FileEntry[]> {
  const start = look(merged, path);
  if (start === undefined) return [];
  const entries: FileEntry[] = [];
  // A stack instead of recursion: the next to visit is last.
  const pending = [start];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (entries.length % ENTRIES_PER_TURN === 0) await turn(options.signal);
    entries.push(next.entry);
    if (next.directory === undefined || options.descend?.(next.entry) === false) continue;
    for (const child of childrenOf(merged, next, next.directory).toReversed()) pending.push(child);
  }
  return entries;
}

function childrenOf(merged: Merged, parent: Seen, directory: overlay.MergedDirectory): readonly Seen[] {
  const prefix = parent.entry.path === '' ? '' : `${parent.entry.path}/`;
  parent.children ??= overlay
    .mergedChildren(directory, merged.namespace)
    .map((child) => see(merged, prefix + child.name, child));
  return parent.children;
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
    const found = look(merged, path);
    if (found?.entry.kind !== 'file') continue;
    const { known } = layerFile(found);
    if (known !== undefined && known !== 'lost' && known.digest !== undefined) answers[at] = known.digest;
    else if (typeof found.path === 'string')
      jobs.push({ at, path: found.path, sizeBytes: found.entry.sizeBytes });
    else answers[at] = await digestOfFile(found.path);
  }
  const outcomes = await hashPool.hash(jobs, { signal });
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
  return digestOfHash(hash);
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}
