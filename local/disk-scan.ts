/**
 * Everything below a directory on disk at one moment, from one look at each: entries, stamps, and digests by the stamps.
 * The fingerprint is made of the stamps alone, so a tree that did not change is recognised without asking for a single digest.
 */

import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { DigestOptions, ScannedDigests, TreeScan } from '../core/context/file-tree.ts';
import type { Listing } from '../core/context/listing.ts';
import { type Digest, digestOfHash } from '../core/oci/digest.ts';
import { lstatAt, unreadable } from './disk-entries.ts';
import { DiskRows, type DiskScanOptions } from './disk-rows.ts';
import type { DiskTreeOptions } from './disk-tree-options.ts';
import { type FileStamp, isRacy, isSameStamp, stampOf } from './file-stamp.ts';
import type { HashJob } from './hash-pool.ts';
import { ROW_BYTES } from './stat-rows.ts';

/** Raised when entries or their digests are made otherwise from the same stamps. */
const SCAN_VERSION = 'naru scan 3';

/** Files between two turns of the event loop; some 5 ms. */
const CHUNK = 1000;

/** What every narrower scan of the same moment shares. */
interface Taken {
  readonly rows: DiskRows;
  readonly options: DiskTreeOptions;
  readonly atNs: bigint;
}

export class DiskScan implements TreeScan {
  readonly nEntries: number;
  readonly #taken: Taken;
  /** Those of `only`, with the row of each; made of all rows when first asked for. */
  #chosen: { readonly entries: Listing; readonly rows: Uint32Array } | undefined;
  readonly #isWhole: boolean;

  private constructor(taken: Taken, chosen?: { readonly entries: Listing; readonly rows: Uint32Array }) {
    this.nEntries = chosen?.entries.length ?? taken.rows.paths.length;
    this.#taken = taken;
    this.#chosen = chosen;
    this.#isWhole = chosen === undefined;
  }

  /** `root` is a real path. @throws NaruError as `DiskRows.take` */
  static async take(
    root: string,
    options: DiskTreeOptions,
    walkOptions: DiskScanOptions = {},
  ): Promise<DiskScan> {
    const atNs = options.statCache.now();
    const rows = await DiskRows.take(root, { ...walkOptions, owners: options.owners });
    return new DiskScan({ rows, options, atNs });
  }

  get entries(): Listing {
    return this.#listed().entries;
  }

  only(entries: Listing): TreeScan {
    const all = this.#listed();
    const rows = new Uint32Array(entries.length);
    let at = 0;
    for (const [nth, entry] of entries.entries()) {
      while (at < all.entries.length && all.entries[at] !== entry) at += 1;
      rows[nth] = all.rows[at] ?? 0;
    }
    return new DiskScan(this.#taken, { entries, rows });
  }

  fingerprint(): Digest | undefined {
    const { statCache, owners } = this.#taken.options;
    // Where stamps are weak, equal ones say nothing.
    if (statCache.strength === 'weak') return undefined;
    const { paths, stats } = this.#taken.rows;
    const hash = createHash('sha256').update(`${SCAN_VERSION} ${owners} ${this.nEntries}\0`);
    if (this.#isWhole) hash.update(`${paths.join('\0')}\0`).update(stats.bytesOf(0, paths.length));
    else this.#hashChosen(hash);
    return digestOfHash(hash);
  }

  async digests({ signal, onProgress }: DigestOptions = {}): Promise<ScannedDigests> {
    const { rows, options } = this.#taken;
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
      const absolute = join(rows.root, path);
      digests[index] = statCache.find(absolute, stamp);
      if (digests[index] === undefined) jobs.push({ path: absolute, sizeBytes, index });
    }
    const readAtNs = statCache.now();
    const totals = {
      totalFiles: jobs.length,
      totalBytes: jobs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    };
    const outcomes = await hashPool.hash(jobs, {
      signal,
      onProgress: onProgress && ((read) => onProgress({ ...read, ...totals })),
    });
    for (const [nth, { index, path }] of jobs.entries()) {
      const outcome = outcomes[nth];
      if (outcome?.kind === 'unreadable') throw unreadable(path, outcome.code);
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
    const stats = lstatAt(this.#taken.rows.root, path);
    return stats !== undefined && isSameStamp(stampOf(stats), stamp) && !isRacy(stamp, this.#taken.atNs);
  }

  #stampAt(index: number): FileStamp {
    return this.#taken.rows.stats.stampOf(this.#listed().rows[index] ?? 0);
  }

  /** In the order of a walk. */
  #listed(): { readonly entries: Listing; readonly rows: Uint32Array } {
    if (this.#chosen !== undefined) return this.#chosen;
    const rows = this.#taken.rows.walkOrder();
    this.#chosen = { entries: Array.from(rows, (row) => this.#taken.rows.entry(row)), rows };
    return this.#chosen;
  }

  #hashChosen(hash: Hash): void {
    const { stats } = this.#taken.rows;
    const { entries, rows } = this.#listed();
    const numbers = new Uint8Array(rows.length * ROW_BYTES);
    for (const [nth, row] of rows.entries()) numbers.set(stats.bytesOf(row), nth * ROW_BYTES);
    hash.update(`${entries.map(({ path }) => path).join('\0')}\0`).update(numbers);
  }
}
