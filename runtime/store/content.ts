/**
 * Blobs by digest, as files: `<root>/blobs/sha256/<hex>`; what is still being written lies in `<root>/ingest`.
 * A blob appears complete, checked and synced to disk, or not at all. Nothing here decides what may be removed: that is leases.ts.
 */

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { NaruError } from '../../core/errors.ts';
import { type Digest, digestHex, parseDigest } from '../../core/oci/digest.ts';

/** What a blob must turn out to be; a field left out is not checked. */
export interface ExpectedBlob {
  readonly digest?: Digest;
  readonly sizeBytes?: number;
}

export interface StoredBlob {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

export interface PutOptions {
  readonly expected?: ExpectedBlob;
  readonly signal?: AbortSignal;
}

/** The store at one directory; safe for concurrent use by one process. */
export class ContentStore {
  private readonly blobs: string;
  private readonly ingest: string;

  constructor(root: string) {
    this.blobs = join(root, 'blobs', 'sha256');
    this.ingest = join(root, 'ingest');
  }

  /** Creates the directories and removes what an earlier process left unfinished. To be awaited before anything else. */
  async recover(): Promise<void> {
    await fs.rm(this.ingest, { recursive: true, force: true });
    await fs.mkdir(this.ingest, { recursive: true });
    await fs.mkdir(this.blobs, { recursive: true });
  }

  /**
   * Stores the bytes of a stream; a blob that is already there stays as it is.
   * @throws NaruError "invalid-argument" E_BLOB_DIGEST or E_BLOB_SIZE when they are not what was expected, "cancelled" on abort
   */
  async put(source: Readable, options: PutOptions = {}): Promise<StoredBlob> {
    const temporary = join(this.ingest, randomUUID());
    try {
      const stored = await writeSynced(temporary, source, options);
      checkExpected(stored, options.expected);
      await fs.rename(temporary, this.path(stored.digest));
      await syncDirectory(this.blobs);
      return stored;
    } catch (error) {
      await fs.rm(temporary, { force: true });
      throw asCancelled(error, options.signal);
    }
  }

  /** Stores bytes that are in memory. */
  async putBytes(bytes: Uint8Array, options: PutOptions = {}): Promise<StoredBlob> {
    return await this.put(Readable.from([bytes]), options);
  }

  /** Size in bytes, or undefined when the blob is not here. */
  async sizeBytes(digest: Digest): Promise<number | undefined> {
    try {
      return (await fs.stat(this.path(digest))).size;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** The blob's bytes; the stream fails with ENOENT when it is not here. The caller destroys it when it stops early. */
  stream(digest: Digest): Readable {
    return createReadStream(this.path(digest), { highWaterMark: 256 * 1024 });
  }

  /** @throws NaruError "not-found" E_BLOB_ABSENT, "invalid-argument" E_BLOB_SIZE when it is larger than `maxBytes` */
  async read(digest: Digest, maxBytes: number): Promise<Uint8Array> {
    const size = await this.sizeBytes(digest);
    if (size === undefined) throw new NaruError('not-found', 'E_BLOB_ABSENT', `no such blob: ${digest}`);
    if (size > maxBytes) {
      throw new NaruError(
        'invalid-argument',
        'E_BLOB_SIZE',
        `blob ${digest} has ${size} bytes, not ${maxBytes}`,
      );
    }
    return await fs.readFile(this.path(digest));
  }

  /** Where the blob lies; read only. */
  path(digest: Digest): string {
    return join(this.blobs, digestHex(digest));
  }

  /** @returns whether there was one */
  async remove(digest: Digest): Promise<boolean> {
    try {
      await fs.unlink(this.path(digest));
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  /** All digests, sorted. */
  async list(): Promise<readonly Digest[]> {
    const names = await fs.readdir(this.blobs);
    return names.toSorted().map((name) => parseDigest(`sha256:${name}`));
  }
}

async function writeSynced(path: string, source: Readable, options: PutOptions): Promise<StoredBlob> {
  const hash = createHash('sha256');
  const limit = options.expected?.sizeBytes ?? Number.POSITIVE_INFINITY;
  const file = await fs.open(path, 'wx', 0o600);
  let sizeBytes = 0;
  try {
    for await (const chunk of source) {
      options.signal?.throwIfAborted();
      const bytes = toBytes(chunk);
      sizeBytes += bytes.length;
      if (sizeBytes > limit) break;
      hash.update(bytes);
      await file.writeFile(bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { digest: parseDigest(`sha256:${hash.digest('hex')}`), sizeBytes };
}

function checkExpected(stored: StoredBlob, expected: ExpectedBlob | undefined): void {
  if (expected?.sizeBytes !== undefined && expected.sizeBytes !== stored.sizeBytes) {
    const found = stored.sizeBytes > expected.sizeBytes ? 'more' : String(stored.sizeBytes);
    const text = `blob should have ${expected.sizeBytes} bytes but has ${found}`;
    throw new NaruError('invalid-argument', 'E_BLOB_SIZE', text);
  }
  if (expected?.digest !== undefined && expected.digest !== stored.digest) {
    const text = `blob should have digest ${expected.digest}, not ${stored.digest}`;
    throw new NaruError('invalid-argument', 'E_BLOB_DIGEST', text);
  }
}

/** A rename is on disk only when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await fs.open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function toBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === 'string') return Buffer.from(chunk);
  throw new NaruError('internal', 'E_STREAM_CHUNK', 'a stream of bytes gave something else');
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function asCancelled(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted !== true) return error;
  return new NaruError('cancelled', 'E_CANCELLED', 'storing a blob was cancelled', { cause: error });
}
