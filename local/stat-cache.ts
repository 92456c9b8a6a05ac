/**
 * Digests of files by the stamp they had when they were read, kept in a file between runs.
 * Recently changed files are not remembered (`isRacy`), so an equal stamp means equal content.
 * The file is text: a version line, then `identity size mtimeNs ctimeNs digest day` per file; it is replaced as a whole, and a bad one is dropped.
 */

import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { type Digest, digestHex } from '../core/oci/digest.ts';
import { type FileStamp, isRacy, type StampStrength } from './file-stamp.ts';

const VERSION_LINE = 'naru stat cache 1';
const DAY_NS = 86_400_000_000_000n;
/** Records not asked for in this long are dropped when saving. */
const KEPT_DAYS = 30;
/** With weak stamps only files from this size on are trusted to size and mtime. */
const WEAK_MIN_BYTES = 64n * 1024n * 1024n;

/** One line of the file. */
const RECORD = /^(\S+) (-?\d+ -?\d+ -?\d+) ([0-9a-f]{64}) (\d+)$/;

interface CacheRecord {
  /** `size mtimeNs ctimeNs` as in the file: taking 20,000 of them apart would cost more than comparing texts. */
  readonly stamp: string;
  readonly digest: Digest;
  day: number;
}

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
  #records: Map<string, CacheRecord>;
  #isChanged = false;

  private constructor(options: StatCacheOptions, records: Map<string, CacheRecord>) {
    this.#options = options;
    this.#now = options.now ?? (() => BigInt(Date.now()) * 1_000_000n);
    this.#records = records;
  }

  /** A file that is missing or cannot be read as a cache gives an empty one. */
  static async open(options: StatCacheOptions): Promise<StatCache> {
    return new StatCache(options, await readRecords(options.file));
  }

  get nRecords(): number {
    return this.#records.size;
  }

  /** Undefined when the file has to be read. `path` counts only where stamps are weak. */
  find(path: string, stamp: FileStamp): Digest | undefined {
    const record = this.#records.get(this.#identity(path, stamp));
    if (record === undefined) return undefined;
    const isSame =
      this.#options.strength === 'strong'
        ? record.stamp === stampText(stamp)
        : record.stamp.startsWith(`${stamp.size} ${stamp.mtimeNs} `);
    if (!isSame) return undefined;
    const today = this.#today();
    if (record.day !== today) {
      record.day = today;
      this.#isChanged = true;
    }
    return record.digest;
  }

  /** `readAtNs`: the time just before the file was read. A racy or weakly stamped small file is not kept. */
  add(path: string, stamp: FileStamp, digest: Digest, readAtNs: bigint): void {
    const isUntrusted = this.#options.strength === 'weak' && stamp.size < WEAK_MIN_BYTES;
    if (isUntrusted || isRacy(stamp, readAtNs)) return;
    const record = { stamp: stampText(stamp), digest, day: this.#today() };
    this.#records.set(this.#identity(path, stamp), record);
    this.#isChanged = true;
  }

  now(): bigint {
    return this.#now();
  }

  /** Writes what changed, together with what another process wrote meanwhile. */
  async save(): Promise<void> {
    const { file } = this.#options;
    if (file === undefined || !this.#isChanged) return;
    this.#isChanged = false;
    const merged = await readRecords(file);
    for (const [identity, record] of this.#records) merged.set(identity, record);
    const oldest = this.#today() - KEPT_DAYS;
    for (const [identity, record] of merged) if (record.day < oldest) merged.delete(identity);
    await replaceFile(file, formatRecords(merged));
    this.#records = merged;
  }

  #identity(path: string, stamp: FileStamp): string {
    if (this.#options.strength === 'strong') return `${stamp.dev.toString(36)}:${stamp.ino.toString(36)}`;
    return `path:${createHash('sha256').update(path).digest('base64url')}`;
  }

  #today(): number {
    return Number(this.#now() / DAY_NS);
  }
}

/** One file per root under `${XDG_CACHE_HOME}/naru`, or the platform's usual place. */
export function statCacheFile(root: string, env: NodeJS.ProcessEnv, home: string): string {
  const base = env['XDG_CACHE_HOME'] ?? env['LOCALAPPDATA'] ?? join(home, '.cache');
  const name = createHash('sha256').update(root).digest('hex').slice(0, 32);
  return join(base, 'naru', 'stat-cache', name);
}

function stampText({ size, mtimeNs, ctimeNs }: FileStamp): string {
  return `${size} ${mtimeNs} ${ctimeNs}`;
}

async function readRecords(file: string | undefined): Promise<Map<string, CacheRecord>> {
  const records = new Map<string, CacheRecord>();
  const text = file === undefined ? '' : await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n');
  if (lines.shift() !== VERSION_LINE) return records;
  for (const line of lines) {
    const [, identity, stamp, hex, day] = RECORD.exec(line) ?? [];
    if (identity === undefined || stamp === undefined) continue;
    // The pattern has checked both.
    records.set(identity, { stamp, digest: `sha256:${hex}` as Digest, day: Number(day) });
  }
  return records;
}

function formatRecords(records: ReadonlyMap<string, CacheRecord>): string {
  const lines = [VERSION_LINE];
  for (const [identity, { stamp, digest, day }] of records) {
    lines.push(`${identity} ${stamp} ${digestHex(digest)} ${day}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Readable by its owner only; a crash leaves the old file or the new one. */
async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
