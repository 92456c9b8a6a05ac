/**
 * Digests of files by the stamp they had when they were read, kept in a file between runs.
 * Recently changed files are not remembered (`isRacy`), so an equal stamp means equal content.
 * The file is a table (stat-table.ts) that is replaced as a whole; a bad one is dropped.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { Digest } from '../core/oci/digest.ts';
import { replaceFile } from './cache-file.ts';
import { type FileStamp, isRacy, type StampStrength } from './file-stamp.ts';
import { StatTable, type TableStamp } from './stat-table.ts';

const DAY_NS = 86_400_000_000_000n;
/** Records not asked for in this long are dropped when saving. */
const KEPT_DAYS = 30;
/** With weak stamps only files from this size on are trusted to size and mtime. */
const WEAK_MIN_BYTES = 64n * 1024n * 1024n;

export interface StatCacheOptions {
  /** Where it is kept; absent: in memory only. */
  readonly file?: string;
  readonly strength: StampStrength;
  /** Nanoseconds since the epoch, for tests. */
  readonly now?: () => bigint;
}

export class StatCache {
  readonly #options: StatCacheOptions;
  readonly #now: () => bigint;
  /** Read when something is first asked. */
  #table: StatTable | undefined;
  #isChanged = false;

  /** A file that is missing or cannot be read as a cache counts as empty. */
  constructor(options: StatCacheOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => BigInt(Date.now()) * 1_000_000n);
  }

  get strength(): StampStrength {
    return this.#options.strength;
  }

  get nRecords(): number {
    return this.#records().nRecords;
  }

  /** Undefined when the file has to be read. `path` counts only where stamps are weak. */
  find(path: string, stamp: FileStamp): Digest | undefined {
    const records = this.#records();
    const nth = records.find(this.#keyOf(path, stamp), this.#options.strength === 'strong');
    if (nth < 0) return undefined;
    const today = this.#today();
    if (records.dayOf(nth) !== today) {
      records.setDay(nth, today);
      this.#isChanged = true;
    }
    return records.digestOf(nth);
  }

  /** `readAtNs`: the time just before the file was read. @returns false for a racy or weakly stamped small file, which is not kept */
  add(path: string, stamp: FileStamp, digest: Digest, readAtNs: bigint): boolean {
    const isUntrusted = this.#options.strength === 'weak' && stamp.size < WEAK_MIN_BYTES;
    if (isUntrusted || isRacy(stamp, readAtNs)) return false;
    this.#records().put(this.#keyOf(path, stamp), digest, this.#today());
    this.#isChanged = true;
    return true;
  }

  now(): bigint {
    return this.#now();
  }

  /** Writes what changed, together with what another process wrote meanwhile. */
  async save(): Promise<void> {
    const { file } = this.#options;
    if (file === undefined || !this.#isChanged) return;
    this.#isChanged = false;
    const merged = readTable(file);
    merged.putAll(this.#records());
    this.#table = merged;
    await replaceFile(file, merged.write(this.#today() - KEPT_DAYS));
  }

  #records(): StatTable {
    this.#table ??= readTable(this.#options.file);
    return this.#table;
  }

  #keyOf(path: string, stamp: FileStamp): TableStamp {
    const { dev, ino, size, mtimeNs, ctimeNs } = stamp;
    if (this.#options.strength === 'strong') return { identity: [dev, ino], size, mtimeNs, ctimeNs };
    const digest = createHash('sha256').update(path).digest();
    return { identity: [digest.readBigUInt64LE(0), digest.readBigUInt64LE(8)], size, mtimeNs, ctimeNs };
  }

  #today(): number {
    return Number(this.#now() / DAY_NS);
  }
}

function readTable(file: string | undefined): StatTable {
  try {
    return (file === undefined ? undefined : StatTable.read(readFileSync(file))) ?? StatTable.empty();
  } catch {
    return StatTable.empty();
  }
}
