/**
 * Everything below a directory on disk at one moment, from one look at each: entries, stamps, and digests by the stamps.
 * The fingerprint is made of the stamps alone, so a tree that did not change is recognised without asking for a single digest.
 */

import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { FileEntry, ScannedDigests, TreeScan, WalkOptions } from '../core/context/file-tree.ts';
import type { Listing } from '../core/context/listing.ts';
import { type Digest, digestOfHash } from '../core/oci/digest.ts';
import { lstatAt, unreadable } from './disk-entries.ts';
import type { DiskTreeOptions } from './disk-tree.ts';
import { walkDisk } from './disk-walk.ts';
import { type FileStamp, isRacy, isSameStamp, stampOf } from './file-stamp.ts';
import type { HashJob } from './hash-pool.ts';

/** Raised when entries or their digests are made otherwise from the same stamps. */
const SCAN_VERSION = 'naru scan 1';

/** Numbers kept of an entry, in this order: raw mode, dev, ino, size (of devices: rdev), mtime, ctime. */
const N_FIELDS = 6;
const STAMP_BYTES = N_FIELDS * 8;
/** Files between two turns of the event loop; some 5 ms. */
const CHUNK = 1000;

/** What every narrower scan of the same moment shares. */
interface Taken {
  readonly root: string;
  readonly options: DiskTreeOptions;
  /** Of all `nEntries` that were listed; longer than that. */
  readonly stamps: BigInt64Array;
  readonly nEntries: number;
  readonly atNs: bigint;
}

export class DiskScan implements TreeScan {
  readonly entries: Listing;
  readonly #taken: Taken;
  /** Where the stamp of each entry is, in entries from the start. */
  readonly #rows: Uint32Array;

  private constructor(taken: Taken, entries: Listing, rows: Uint32Array) {
    this.entries = entries;
    this.#taken = taken;
    this.#rows = rows;
  }

  /** @throws NaruError as `walkDisk` */
  static async take(
    root: string,
    options: DiskTreeOptions,
    walkOptions: WalkOptions = {},
  ): Promise<DiskScan> {
    const atNs = options.statCache.now();
    const entries: FileEntry[] = [];
    let stamps = new BigInt64Array(1024 * N_FIELDS);
    await walkDisk(root, '', { ...walkOptions, owners: options.owners }, (entry, stats) => {
      const at = entries.length * N_FIELDS;
      if (at === stamps.length) stamps = grown(stamps);
      writeStamp(stamps, at, entry, stats);
      entries.push(entry);
    });
    const taken = { root, options, stamps, nEntries: entries.length, atNs };
    return new DiskScan(taken, entries, Uint32Array.from(entries.keys()));
  }

  only(entries: Listing): TreeScan {
    const rows = new Uint32Array(entries.length);
    let at = 0;
    for (const [nth, entry] of entries.entries()) {
      while (at < this.entries.length && this.entries[at] !== entry) at += 1;
      rows[nth] = this.#rows[at] ?? 0;
    }
    return new DiskScan(this.#taken, entries, rows);
  }

  fingerprint(): Digest | undefined {
    const { statCache, owners } = this.#taken.options;
    // Where stamps are weak, equal ones say nothing.
    if (statCache.strength === 'weak') return undefined;
    const hash = createHash('sha256').update(`${SCAN_VERSION} ${owners}\0`);
    let paths = '';
    for (const { path } of this.entries) {
      paths += `${path}\0`;
      if (paths.length < 65_536) continue;
      hash.update(paths);
      paths = '';
    }
    hash.update(`${paths}\0`).update(this.#chosenStamps());
    return digestOfHash(hash);
  }

  async digests(signal?: AbortSignal): Promise<ScannedDigests> {
    const { root, options } = this.#taken;
    const { statCache, hashPool } = options;
    const digests: (Digest | undefined)[] = Array.from({ length: this.entries.length });
    const jobs: (HashJob & { readonly index: number })[] = [];
    let isSettled = true;
    for (const [index, { path, kind, sizeBytes }] of this.entries.entries()) {
      const stamp = this.#stampAt(index);
      if (index % CHUNK === CHUNK - 1) await nextTurn();
      if (kind !== 'file') {
        isSettled &&= kind === 'dir' || this.#isStill(path, stamp);
        continue;
      }
      const absolute = join(root, path);
      digests[index] = statCache.find(absolute, stamp);
      if (digests[index] === undefined) jobs.push({ path: absolute, sizeBytes, index });
    }
    const readAtNs = statCache.now();
    const outcomes = await hashPool.hash(jobs, signal);
    for (const [nth, { index, path }] of jobs.entries()) {
      const outcome = outcomes[nth];
      if (outcome?.kind === 'unreadable') throw unreadable(this.entries[index]?.path ?? '', outcome.code);
      if (outcome?.kind === 'hashed') digests[index] = outcome.digest;
      const isKept =
        outcome?.kind === 'hashed' &&
        outcome.isStable &&
        statCache.add(path, outcome.stamp, outcome.digest, readAtNs) &&
        isSameStamp(outcome.stamp, this.#stampAt(index));
      if (!isKept) isSettled = false;
    }
    return { digests, isSettled };
  }

  /** A link's target is read after its stamp: it must have been there before, and be there now. */
  #isStill(path: string, stamp: FileStamp): boolean {
    const stats = lstatAt(this.#taken.root, path);
    return stats !== undefined && isSameStamp(stampOf(stats), stamp) && !isRacy(stamp, this.#taken.atNs);
  }

  #stampAt(index: number): FileStamp {
    const at = (this.#rows[index] ?? 0) * N_FIELDS;
    const field = (nth: number): bigint => this.#taken.stamps[at + nth] ?? 0n;
    const [dev, ino] = [BigInt.asUintN(64, field(1)), BigInt.asUintN(64, field(2))];
    return { dev, ino, size: field(3), mtimeNs: field(4), ctimeNs: field(5) };
  }

  /** The stamps of the entries, one after the other. */
  #chosenStamps(): Uint8Array {
    const { nEntries, stamps } = this.#taken;
    const { buffer } = stamps;
    if (this.#rows.length === nEntries) return new Uint8Array(buffer, 0, nEntries * STAMP_BYTES);
    const chosen = new Uint8Array(this.#rows.length * STAMP_BYTES);
    for (const [nth, row] of this.#rows.entries())
      chosen.set(new Uint8Array(buffer, row * STAMP_BYTES, STAMP_BYTES), nth * STAMP_BYTES);
    return chosen;
  }
}

function writeStamp(stamps: BigInt64Array, at: number, { device }: FileEntry, stats: BigIntStats): void {
  stamps[at] = stats.mode;
  stamps[at + 1] = stats.dev;
  stamps[at + 2] = stats.ino;
  stamps[at + 3] = device === undefined ? stats.size : stats.rdev;
  stamps[at + 4] = stats.mtimeNs;
  stamps[at + 5] = stats.ctimeNs;
}

function grown(stamps: BigInt64Array<ArrayBuffer>): BigInt64Array<ArrayBuffer> {
  const larger = new BigInt64Array(stamps.length * 2);
  larger.set(stamps);
  return larger;
}
