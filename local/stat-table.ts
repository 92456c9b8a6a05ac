/**
 * The table in a stat cache's file: stamps with digests as bytes, found through a hash index that is made when it is read.
 * No object is made of a record, so that 200,000 of them are read and found in milliseconds.
 *
 *     header  64 bytes: 'narustat', version and byte order (u32 0x00000002), number of records (u32), 16 bytes unused, SHA-256 of what follows
 *     record  80 bytes: identity (2 × u64), size, mtime, ctime (i64 each), digest (32 bytes), day of last use (u32), 4 bytes unused
 *
 * Numbers have the machine's byte order: a file of a machine with another one, or of another version, is not read.
 */

import { createHash } from 'node:crypto';

import { type Digest, digestHex } from '../core/oci/digest.ts';

const HEADER_BYTES = 64;
const RECORD_BYTES = 80;
const MAGIC = Buffer.from('narustat', 'latin1');
const VERSION = 2;
const HASH_AT = 32;

/** A record's first five numbers. */
export interface TableStamp {
  /** What two records cannot have in common: device and inode, or half a digest of the path each. */
  readonly identity: readonly [bigint, bigint];
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

export class StatTable {
  #bytes: Buffer;
  #words: Uint32Array;
  #nRecords: number;
  /** Record numbers + 1 by hash of the identity, 0 is free; at most half of it is taken. */
  #index: Int32Array;
  /** The stamp that is asked for, as it lies in a record. */
  readonly #asked = new BigInt64Array(5);
  readonly #askedWords = new Uint32Array(this.#asked.buffer);

  private constructor(bytes: Buffer, nRecords: number) {
    this.#bytes = bytes;
    this.#words = wordsOf(bytes);
    this.#nRecords = nRecords;
    this.#index = this.#makeIndex();
  }

  static empty(): StatTable {
    return new StatTable(newBytes(HEADER_BYTES + 64 * RECORD_BYTES), 0);
  }

  /** Undefined for what is not a whole file of this kind. */
  static read(file: Uint8Array): StatTable | undefined {
    if (file.length < HEADER_BYTES || !MAGIC.equals(file.subarray(0, MAGIC.length))) return undefined;
    const bytes = newBytes(file.length);
    bytes.set(file);
    const [version, nRecords = 0] = new Uint32Array(bytes.buffer, MAGIC.length, 2);
    const isWhole = version === VERSION && bytes.length === HEADER_BYTES + nRecords * RECORD_BYTES;
    const digest = bytes.subarray(HASH_AT, HEADER_BYTES);
    return isWhole && hashOfRecords(bytes).equals(digest) ? new StatTable(bytes, nRecords) : undefined;
  }

  get nRecords(): number {
    return this.#nRecords;
  }

  /** The file's bytes with the records used on day `oldest` or later. */
  write(oldest: number): Uint8Array {
    const file = newBytes(HEADER_BYTES + this.#nRecords * RECORD_BYTES);
    let length = HEADER_BYTES;
    for (let nth = 0; nth < this.#nRecords; nth += 1) {
      if (this.dayOf(nth) < oldest) continue;
      const at = HEADER_BYTES + nth * RECORD_BYTES;
      length += this.#bytes.copy(file, length, at, at + RECORD_BYTES);
    }
    const whole = file.subarray(0, length);
    MAGIC.copy(whole);
    const nWritten = (length - HEADER_BYTES) / RECORD_BYTES;
    new Uint32Array(file.buffer).set([VERSION, nWritten], MAGIC.length / 4);
    hashOfRecords(whole).copy(whole, HASH_AT);
    return whole;
  }

  /** Number of the record with this identity and these times and sizes, -1 when there is none. `withChange`: ctime counts, too. */
  find(stamp: TableStamp, withChange: boolean): number {
    const nth = this.#locate(stamp);
    if (nth < 0) return -1;
    const word = wordAt(nth);
    const end = withChange ? 10 : 8;
    for (let at = 4; at < end; at += 1) if (this.#words[word + at] !== this.#askedWords[at]) return -1;
    return nth;
  }

  digestOf(nth: number): Digest {
    const at = HEADER_BYTES + nth * RECORD_BYTES + 40;
    return `sha256:${this.#bytes.toString('hex', at, at + 32)}` as Digest; // made to the type's shape
  }

  dayOf(nth: number): number {
    return this.#words[wordAt(nth) + 18] ?? 0;
  }

  setDay(nth: number, day: number): void {
    this.#words[wordAt(nth) + 18] = day;
  }

  /** Replaces the record of the same identity. */
  put(stamp: TableStamp, digest: Digest, day: number): void {
    const nth = this.#place(this.#locate(stamp));
    this.#words.set(this.#askedWords, wordAt(nth));
    this.#bytes.write(digestHex(digest), HEADER_BYTES + nth * RECORD_BYTES + 40, 'hex');
    this.setDay(nth, day);
    this.#insert(nth);
  }

  /** Takes over the records of another table; where both have one, the other's. */
  putAll(other: StatTable): void {
    for (let nth = 0; nth < other.#nRecords; nth += 1) {
      const from = wordAt(nth);
      this.#askedWords.set(other.#words.subarray(from, from + 10));
      const to = this.#place(this.#probe());
      this.#words.set(other.#words.subarray(from, from + RECORD_BYTES / 4), wordAt(to));
      this.#insert(to);
    }
  }

  #locate({ identity, size, mtimeNs, ctimeNs }: TableStamp): number {
    const asked = this.#asked;
    [asked[0], asked[1]] = identity;
    asked[2] = size;
    asked[3] = mtimeNs;
    asked[4] = ctimeNs;
    return this.#probe();
  }

  /** The record with the identity that is asked for, -1 when there is none. */
  #probe(): number {
    const [a, b, c, d] = this.#askedWords;
    const mask = this.#index.length - 1;
    for (let slot = this.#slotOf(this.#askedWords, 0); ; slot = (slot + 1) & mask) {
      const nth = (this.#index[slot] ?? 0) - 1;
      if (nth < 0) return -1;
      const at = wordAt(nth);
      const words = this.#words;
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return nth;
    }
  }

  /** Room for a record: the one that is there already, or a new one at the end. */
  #place(known: number): number {
    if (known >= 0) return known;
    const nth = this.#nRecords;
    const needed = HEADER_BYTES + (nth + 1) * RECORD_BYTES;
    if (needed > this.#bytes.length) {
      const larger = newBytes(needed * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#words = wordsOf(larger);
    }
    if ((nth + 1) * 2 > this.#index.length) this.#index = this.#makeIndex();
    this.#nRecords += 1;
    return nth;
  }

  #makeIndex(): Int32Array {
    const index = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(64, this.#nRecords * 4))));
    this.#index = index;
    for (let nth = 0; nth < this.#nRecords; nth += 1) this.#insert(nth);
    return index;
  }

  /** Safe to repeat. */
  #insert(nth: number): void {
    const mask = this.#index.length - 1;
    let slot = this.#slotOf(this.#words, wordAt(nth));
    while (this.#index[slot] !== 0 && this.#index[slot] !== nth + 1) slot = (slot + 1) & mask;
    this.#index[slot] = nth + 1;
  }

  #slotOf(words: Uint32Array, at: number): number {
    const mixed =
      Math.imul(words[at + 2] ?? 0, 0x9e3779b1) ^
      Math.imul((words[at] ?? 0) + (words[at + 3] ?? 0), 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & (this.#index.length - 1);
  }
}

/** Of a record, in u32 from the start of the file. */
function wordAt(nth: number): number {
  return (HEADER_BYTES + nth * RECORD_BYTES) / 4;
}

/** Zeros, with an ArrayBuffer of their own that numbers can be read from. */
function newBytes(length: number): Buffer<ArrayBuffer> {
  return Buffer.from(new ArrayBuffer(Math.ceil(length / 8) * 8), 0, length);
}

function wordsOf(bytes: Buffer): Uint32Array {
  return new Uint32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
}

function hashOfRecords(file: Buffer): Buffer {
  return createHash('sha256').update(file.subarray(HEADER_BYTES)).digest();
}
