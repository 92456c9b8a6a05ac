/**
 * What is known of a layer's files by inode number, kept beside it as `<snapshot>/inodes`:
 * the digest of the content, so that nothing has to be read to learn it, and where an inode comes from that other layers hold as well.
 *
 * Byte layout, little endian: the magic (8 bytes), the number of records n (float64), n inode numbers (float64, ascending),
 * n origins (float64), n digests of 32 bytes, zeros for an unknown one.
 */

import * as fs from 'node:fs';

import { type Digest, digestHex, parseDigest } from '../../core/oci/digest.ts';

/** What is known of one inode. */
export interface LayerInode {
  /** Number of the snapshot that made it; 0 for the store of context contents. */
  readonly origin: number;
  /** Of the file's content; undefined when nobody asked yet. */
  readonly digest: Digest | undefined;
}

/** Origin of inodes that come from the store of context contents. */
export const FROM_CONTENTS = 0;

/** A finished layer's records, read when they are first asked for. After a crash of the machine they may be torn or gone: then they are lost. */
export class LayerInodes {
  readonly #path: string;
  #records: Records | 'lost' | undefined;

  /** `path` is what `writeLayerInodes` wrote. */
  constructor(path: string) {
    this.#path = path;
  }

  /** 'lost' when the records are; undefined when there is none. */
  get(inode: number): LayerInode | 'lost' | undefined {
    const records = this.#read();
    return records === 'lost' ? records : recordAt(records, indexOf(records, inode));
  }

  /** Whether it may be in the layer: so it is when the records are lost. */
  mayHold(inode: number): boolean {
    const records = this.#read();
    return records === 'lost' || indexOf(records, inode) >= 0;
  }

  /** As of `get`; undefined when there is no record, or they are lost. */
  originOf(inode: number): number | undefined {
    const records = this.#read();
    return records === 'lost' ? undefined : records.origins[indexOf(records, inode)];
  }

  #read(): Records | 'lost' {
    this.#records ??= readRecords(this.#path);
    return this.#records;
  }
}

interface Records {
  /** Ascending. */
  readonly numbers: Float64Array;
  readonly origins: Float64Array;
  readonly digests: Buffer;
}

function readRecords(path: string): Records | 'lost' {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(path);
  } catch {
    return 'lost';
  }
  const { buffer } = new Uint8Array(bytes); // aligned, at offset 0
  const count = bytes.length < HEADER_BYTES ? 0 : new DataView(buffer).getFloat64(8, true);
  if (!bytes.subarray(0, 8).equals(MAGIC) || bytes.length !== HEADER_BYTES + count * RECORD_BYTES)
    return 'lost';
  return {
    numbers: new Float64Array(buffer, HEADER_BYTES, count),
    origins: new Float64Array(buffer, HEADER_BYTES + 8 * count, count),
    digests: Buffer.from(buffer, HEADER_BYTES + 16 * count, 32 * count),
  };
}

function recordAt({ origins, digests }: Records, at: number): LayerInode | undefined {
  const origin = origins[at];
  if (origin === undefined) return undefined;
  const digest = digests.subarray(32 * at, 32 * at + 32);
  const isKnown = digest.some((byte) => byte !== 0);
  return { origin, digest: isKnown ? parseDigest(`sha256:${digest.toString('hex')}`) : undefined };
}

/** -1 when it is not there. */
function indexOf({ numbers }: Records, inode: number): number {
  let [low, high] = [0, numbers.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = numbers[middle] ?? 0;
    if (found === inode) return middle;
    if (found < inode) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Writes the records of a layer that is complete. Nothing is left of a layer whose engine is killed meanwhile, so it is written in place. */
export function writeLayerInodes(path: string, inodes: ReadonlyMap<number, LayerInode>): void {
  const sorted = [...inodes].sort(([a], [b]) => a - b);
  const bytes = Buffer.alloc(HEADER_BYTES + sorted.length * RECORD_BYTES);
  MAGIC.copy(bytes);
  bytes.writeDoubleLE(sorted.length, 8);
  const originsAt = HEADER_BYTES + 8 * sorted.length;
  const digestsAt = HEADER_BYTES + 16 * sorted.length;
  for (const [at, [inode, { origin, digest }]] of sorted.entries()) {
    bytes.writeDoubleLE(inode, HEADER_BYTES + 8 * at);
    bytes.writeDoubleLE(origin, originsAt + 8 * at);
    if (digest !== undefined) bytes.write(digestHex(digest), digestsAt + 32 * at, 'hex');
  }
  fs.writeFileSync(path, bytes);
}

const MAGIC = Buffer.from('naruino1');
const HEADER_BYTES = 16;
const RECORD_BYTES = 8 + 8 + 32;
