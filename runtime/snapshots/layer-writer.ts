/**
 * The canonical tar of a snapshot's upper directory: depth first, siblings in byte order, whiteouts as members, hard links inside the layer kept.
 * Equal directories give equal bytes on every engine. Sockets are left out, as Docker does. Synchronous, for a worker thread.
 */

import * as fs from 'node:fs';

import { encodeEntry, TRAILER_BYTES } from '../../core/tar/encoder.ts';
import { BLOCK_BYTES, paddingBytes, type TarEntry } from '../../core/tar/entry.ts';
import { opaquePath, whiteoutPath } from '../../core/tar/whiteout.ts';
import { ChunkBuffer } from './chunk-buffer.ts';
import { diskMember, imageXattrs, type LinkedMembers } from './disk-member.ts';
import { FROM_CONTENTS, LayerInodes } from './layer-inodes.ts';
import * as overlay from './overlay-files.ts';

/** A layer that is to become a tar. */
export interface LayerSource {
  readonly root: string;
  /** Upper directories of the layers below, topmost first. */
  readonly lowers: readonly string[];
  readonly namespace: overlay.XattrNamespace;
  /** What `writeLayerInodes` wrote of it, when it did. */
  readonly inodes?: string;
}

/** The archive in large pieces, which share one buffer: use each before asking for the next. @returns the sum of the sizes of the regular files, hard links counted once */
export function* writeLayer(source: LayerSource): Generator<Uint8Array, number, void> {
  const inodes = source.inodes === undefined ? undefined : new LayerInodes(source.inodes);
  const out = new ChunkBuffer();
  const walk: Walk = { source, inodes, linked: new Map(), out, fileBytes: 0 };
  yield* writeChildren(walk, '', source.root, { layers: source.lowers });
  yield* out.put(new Uint8Array(TRAILER_BYTES));
  yield out.take();
  return walk.fileBytes;
}

/** Sum of the sizes of the regular files below a directory, hard links counted once. */
export function sizeOfFiles(directory: string | Buffer, seen = new Set<number>()): number {
  let sum = 0;
  for (const name of overlay.listDirectory(directory)) {
    const path = overlay.joinPath(directory, name);
    const stats = fs.lstatSync(path);
    if (stats.isDirectory()) sum += sizeOfFiles(path, seen);
    if (!stats.isFile() || (stats.nlink > 1 && seen.has(stats.ino))) continue;
    if (stats.nlink > 1) seen.add(stats.ino);
    sum += stats.size;
  }
  return sum;
}

interface Walk {
  readonly source: LayerSource;
  readonly inodes: LayerInodes | undefined;
  readonly linked: LinkedMembers;
  readonly out: ChunkBuffer;
  fileBytes: number;
}

type Below = overlay.MergedDirectory | undefined;

function* writeChildren(
  walk: Walk,
  path: string,
  directory: string | Buffer,
  below: Below,
): Generator<Uint8Array, void, void> {
  for (const name of overlay.listDirectory(directory)) {
    const at = overlay.joinPath(directory, name);
    const child = path === '' ? name : `${path}/${name}`;
    const stats = fs.lstatSync(at, { bigint: true });
    if (overlay.isWhiteout(stats)) {
      yield* walk.out.put(marker(whiteoutPath(child)));
      continue;
    }
    const entry = memberOf(walk, child, at, stats);
    if (entry === undefined) continue;
    yield* walk.out.put(encodeEntry(entry));
    if (entry.kind === 'dir') yield* writeDirectory(walk, child, at, below);
    if (entry.sizeBytes === 0) continue;
    walk.fileBytes += entry.sizeBytes;
    yield* walk.out.putFile(at, entry.sizeBytes);
    yield* walk.out.put(PADDING.subarray(0, paddingBytes(entry.sizeBytes)));
  }
}

const PADDING = new Uint8Array(BLOCK_BYTES);

function* writeDirectory(
  walk: Walk,
  path: string,
  at: string | Buffer,
  below: Below,
): Generator<Uint8Array, void, void> {
  const { namespace } = walk.source;
  const hidden = below && overlay.mergedDirectoryAt(below, path.slice(path.lastIndexOf('/') + 1), namespace);
  // The kernel marks every new directory as opaque, an optimisation; it means something only where there is one below.
  const isOpaque = hidden !== undefined && overlay.isOpaque(at, namespace);
  if (isOpaque) yield* walk.out.put(marker(opaquePath(path)));
  yield* writeChildren(walk, path, at, isOpaque ? undefined : hidden);
}

/** Whiteouts carry no time of their own: the kernel's is when they were made, which would differ on every engine. */
function marker(path: string): Uint8Array {
  return encodeEntry({ path, kind: 'file', mode: 0, uid: 0, gid: 0, sizeBytes: 0, mtimeNs: 0n });
}

function memberOf(
  walk: Walk,
  path: string,
  at: string | Buffer,
  stats: fs.BigIntStats,
): TarEntry | undefined {
  // Files of build contexts have no extended attributes, wherever they are linked: they need not be asked.
  const isPlain = stats.isFile() && walk.inodes?.originOf(Number(stats.ino)) === FROM_CONTENTS;
  return diskMember({ path, at, stats }, walk.linked, isPlain ? () => undefined : imageXattrs);
}
