/**
 * What it takes, besides the extracted files, to give back the exact bytes of a layer tar that another tool wrote: headers, order, padding.
 * Why: docs/decisions/0010-foreign-layers.md.
 *
 * File: "naru-recipe 1\n", then frames: u32le length, zstd data. A frame holds whole records:
 *   0x46 'F' u32le n, n bytes of the archive          | framing
 *   0x43 'C' u32le n, n bytes path, f64le size        | the content of that file of the snapshot
 * Contents that a later member of the same archive replaced lie in the spill directory instead, named by their ordinal among the 'C' records.
 */

import * as fs from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

import { NaruError } from '../../core/errors.ts';
import { encodePath } from '../../core/tar/path-bytes.ts';
import { openRoot, type ResolvedPath, resolveInRoot } from '../host/resolve-in-root.ts';
import { ChunkBuffer } from './chunk-buffer.ts';

const MAGIC = 'naru-recipe 1\n';
const FRAME_BYTES = 1 << 20;
const FRAMING = 0x46;
const CONTENT = 0x43;

/** Collects a recipe while a layer is extracted. Bytes are copied. */
export interface RecipeWriter {
  framing(bytes: Uint8Array): void;
  /** A file's content follows; `path` is where the extractor puts it, relative to the snapshot's root. @returns its ordinal */
  content(path: string, sizeBytes: number): number;
  finish(): void;
  /** After `finish`, or instead of it. */
  close(): void;
}

/** Where a snapshot keeps its recipe and the contents that were replaced. */
export function recipeIn(directory: string): { readonly file: string; readonly spillDirectory: string } {
  return { file: join(directory, 'recipe'), spillDirectory: join(directory, 'spill') };
}

/** @throws the system call's error when the file exists or cannot be made */
export function writeRecipe(file: string): RecipeWriter {
  const fd = fs.openSync(file, 'wx', 0o600);
  fs.writeSync(fd, MAGIC);
  let nContents = 0;
  let records: Uint8Array[] = [];
  let heldBytes = 0;

  function add(type: number, body: Uint8Array, size?: number): void {
    const head = Buffer.alloc(5);
    head.writeUInt8(type, 0);
    head.writeUInt32LE(body.length, 1);
    records.push(head, Buffer.from(body));
    heldBytes += head.length + body.length;
    if (size !== undefined) {
      const tail = Buffer.alloc(8);
      tail.writeDoubleLE(size);
      records.push(tail);
      heldBytes += tail.length;
    }
    if (heldBytes >= FRAME_BYTES) flush();
  }

  function flush(): void {
    if (heldBytes === 0) return;
    const frame = zstdCompressSync(Buffer.concat(records));
    const head = Buffer.alloc(4);
    head.writeUInt32LE(frame.length);
    fs.writeSync(fd, Buffer.concat([head, frame]));
    records = [];
    heldBytes = 0;
  }

  return {
    framing: (bytes) => add(FRAMING, bytes),
    content: (path, sizeBytes) => {
      add(CONTENT, encodePath(path), sizeBytes);
      nContents += 1;
      return nContents - 1;
    },
    finish: flush,
    close: () => fs.closeSync(fd),
  };
}

/**
 * The archive's bytes in chunks; synchronous. They share one memory: use each before asking for the next.
 * @throws NaruError "internal" E_LAYER_RECIPE when the recipe or a file it names is not as it was
 */
export function* replayRecipe(
  file: string,
  root: string,
  spillDirectory: string,
): Generator<Uint8Array, void, void> {
  const spilled = new Set(fs.existsSync(spillDirectory) ? fs.readdirSync(spillDirectory) : []);
  const out = new ChunkBuffer();
  const files = openRoot(root);
  try {
    let ordinal = 0;
    for (const { type, body, size } of readRecords(file)) {
      if (type === FRAMING) yield* out.put(body);
      if (type !== CONTENT) continue;
      const name = String(ordinal);
      ordinal += 1;
      if (spilled.has(name)) yield* out.putFile(join(spillDirectory, name), size);
      else yield* putFileBeneath(out, files, body, size);
    }
    yield out.take();
  } finally {
    files.close();
  }
}

function* putFileBeneath(
  out: ChunkBuffer,
  files: ResolvedPath,
  path: Uint8Array,
  size: number,
): Generator<Uint8Array, void, void> {
  const found = resolveInRoot(files, path, 'beneath');
  try {
    yield* out.putFile(found.path, size);
  } finally {
    found.close();
  }
}

interface RecipeRecord {
  readonly type: number;
  readonly body: Uint8Array;
  readonly size: number;
}

function* readRecords(file: string): Generator<RecipeRecord, void, void> {
  for (const frame of readFrames(file)) {
    for (let at = 0; at < frame.length; ) {
      const type = frame.readUInt8(at);
      const length = frame.readUInt32LE(at + 1);
      const body = frame.subarray(at + 5, at + 5 + length);
      at += 5 + length;
      const hasSize = type === CONTENT;
      yield { type, body, size: hasSize ? frame.readDoubleLE(at) : 0 };
      if (hasSize) at += 8;
    }
  }
}

function* readFrames(file: string): Generator<Buffer, void, void> {
  const fd = fs.openSync(file, 'r');
  try {
    if (readExactly(fd, MAGIC.length)?.toString() !== MAGIC)
      throw recipeError(`${file} is not a layer recipe`);
    for (let head = readExactly(fd, 4); head !== undefined; head = readExactly(fd, 4)) {
      const frame = readExactly(fd, head.readUInt32LE());
      if (frame === undefined) throw recipeError(`${file} ends early`);
      yield zstdDecompressSync(frame);
    }
  } finally {
    fs.closeSync(fd);
  }
}

/** Undefined at the end of the file. */
function readExactly(fd: number, length: number): Buffer | undefined {
  const buffer = Buffer.alloc(length);
  const read = fs.readSync(fd, buffer);
  if (read === 0) return undefined;
  if (read !== length) throw recipeError('a layer recipe ends early');
  return buffer;
}

function recipeError(text: string): NaruError {
  return new NaruError('internal', 'E_LAYER_RECIPE', text, {
    hint: 'the image must be loaded or pulled again',
  });
}
