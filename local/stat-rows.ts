/**
 * What lstat says of many entries, each as a row of numbers in one buffer: no object is made of an entry.
 *
 *     u32  mode, uid, gid, nanoseconds of mtime, nanoseconds of ctime, number of links
 *     i64  dev, ino, size (of devices: rdev), seconds of mtime, seconds of ctime
 */

import type { BigIntStats } from 'node:fs';

import type { FileStamp } from './file-stamp.ts';

/** Of a row. */
export const ROW_WORDS = 16;
export const ROW_BYTES = ROW_WORDS * 4;

const NS = 1_000_000_000n;

export class StatRows {
  /** Row after row; longer than the rows that were written. */
  words = new Uint32Array(1024 * ROW_WORDS);
  #longs = new BigInt64Array(this.words.buffer);

  /** Makes room for a row with this number. */
  reserve(row: number): void {
    if ((row + 1) * ROW_WORDS <= this.words.length) return;
    const larger = new Uint32Array(this.words.length * 2);
    larger.set(this.words);
    this.words = larger;
    this.#longs = new BigInt64Array(larger.buffer);
  }

  write(row: number, stats: BigIntStats): void {
    const at = row * ROW_WORDS;
    this.words[at] = Number(stats.mode);
    this.words[at + 1] = Number(stats.uid);
    this.words[at + 2] = Number(stats.gid);
    this.words[at + 3] = nanoseconds(stats.mtimeNs);
    this.words[at + 4] = nanoseconds(stats.ctimeNs);
    this.words[at + 5] = Number(stats.nlink);
    const isDevice = stats.isCharacterDevice() || stats.isBlockDevice();
    const long = at / 2;
    this.#longs[long + 3] = stats.dev;
    this.#longs[long + 4] = stats.ino;
    this.#longs[long + 5] = isDevice ? stats.rdev : stats.size;
    this.#longs[long + 6] = (stats.mtimeNs - BigInt(nanoseconds(stats.mtimeNs))) / NS;
    this.#longs[long + 7] = (stats.ctimeNs - BigInt(nanoseconds(stats.ctimeNs))) / NS;
  }

  /** With the kind's bits. */
  modeOf(row: number): number {
    return this.words[row * ROW_WORDS] ?? 0;
  }

  uidOf(row: number): number {
    return this.words[row * ROW_WORDS + 1] ?? 0;
  }

  gidOf(row: number): number {
    return this.words[row * ROW_WORDS + 2] ?? 0;
  }

  nLinksOf(row: number): number {
    return this.words[row * ROW_WORDS + 5] ?? 0;
  }

  /** Of a device its `size` is its rdev. */
  stampOf(row: number): FileStamp {
    const long = (nth: number): bigint => this.#longs[(row * ROW_WORDS) / 2 + nth] ?? 0n;
    const time = (nth: number, word: number): bigint =>
      long(nth) * NS + BigInt(this.words[row * ROW_WORDS + word] ?? 0);
    return {
      dev: BigInt.asUintN(64, long(3)),
      ino: BigInt.asUintN(64, long(4)),
      size: long(5),
      mtimeNs: time(6, 3),
      ctimeNs: time(7, 4),
    };
  }

  /** A row's numbers as bytes, for a hash. */
  bytesOf(row: number, nRows = 1): Uint8Array {
    return new Uint8Array(this.words.buffer, row * ROW_BYTES, nRows * ROW_BYTES);
  }
}

/** Since the second began; times before 1970 are negative. */
function nanoseconds(timeNs: bigint): number {
  const rest = timeNs % NS;
  return Number(rest < 0n ? rest + NS : rest);
}
