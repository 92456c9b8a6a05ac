/**
 * What the engine must still know after kill -9: JSON documents by kind and id in one SQLite file, changed in transactions.
 * WAL with synchronous=NORMAL (sqlite.org/pragma.html#pragma_synchronous): a killed process loses nothing;
 * a power cut may lose the last transactions but never tears one, and blobs and directories are checked against rows at start anyway.
 * One process owns the file. Calls are synchronous; one is a few microseconds.
 */

import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

import { NaruError } from '../../core/errors.ts';
import { diskFull } from '../host/disk-full.ts';
import { keepReserve, reserveJournal } from './journal-reserve.ts';
import { MIGRATIONS } from './migrations.ts';

/** The documents of one kind. `T` must survive JSON. */
export interface Collection<T> {
  get(id: string): T | undefined;
  /** Inserts or replaces. */
  put(id: string, value: T): void;
  /** @throws NaruError "conflict" E_DOCUMENT_EXISTS when the id is taken */
  insert(id: string, value: T): void;
  /** @returns whether there was one */
  delete(id: string): boolean;
  /** In byte order of the ids. */
  all(): readonly T[];
  /** In byte order. */
  ids(): readonly string[];
  /** Documents whose top-level string field has this value, in byte order of the ids. */
  where(field: string, value: string): readonly T[];
}

/** Owners and what they keep alive; see leases.ts. */
export interface LeaseRows {
  add(owner: string, resource: string): void;
  /** Without `resource`: all of the owner's. */
  remove(owner: string, resource?: string): void;
  removeByPrefix(ownerPrefix: string): void;
  owners(resource: string): readonly string[];
  /** In byte order of the owners. */
  all(): readonly { readonly owner: string; readonly resource: string }[];
}

/** What it holds is for the engine alone: environments of containers have passwords. Its journals get the mode it has (sqlite.org, WAL). */
function makePrivate(path: string): void {
  closeSync(openSync(path, 'a', PRIVATE));
  for (const file of [path, `${path}-wal`, `${path}-shm`, `${path}-reserve`])
    if (existsSync(file)) chmodSync(file, PRIVATE);
}

const PRIVATE = 0o600;

/** The open file. `close` it; documents read before stay valid. */
export class MetadataStore {
  readonly leaseRows: LeaseRows;
  private readonly database: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  private readonly path: string;
  private depth = 0;

  /** @throws NaruError "unavailable" E_METADATA_VERSION when a newer engine wrote the file */
  constructor(path: string) {
    this.path = path;
    makePrivate(path);
    this.database = new DatabaseSync(path);
    // Exclusive: the index of the WAL is in memory, and not in a file that a full disk has no room for.
    this.database.exec(
      'PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000;',
    );
    this.migrate(path);
    reserveJournal(path);
    this.leaseRows = this.makeLeaseRows();
  }

  /** `decode` turns the parsed JSON into the document; it is where older shapes are upgraded. */
  collection<T>(kind: string, decode: (value: unknown) => T): Collection<T> {
    const parse = (row: Record<string, unknown>): T => decode(JSON.parse(String(row['json'])));
    return {
      get: (id) => {
        const row = this.sql('SELECT json FROM documents WHERE kind = ? AND id = ?').get(kind, id);
        return row === undefined ? undefined : parse(row);
      },
      put: (id, value) => {
        this.write('INSERT OR REPLACE INTO documents VALUES (?, ?, ?)', kind, id, JSON.stringify(value));
      },
      insert: (id, value) => {
        const insert = 'INSERT OR IGNORE INTO documents VALUES (?, ?, ?)';
        if (this.write(insert, kind, id, JSON.stringify(value)) !== 0) return;
        throw new NaruError('conflict', 'E_DOCUMENT_EXISTS', `${kind} ${JSON.stringify(id)} already exists`);
      },
      delete: (id) => this.write('DELETE FROM documents WHERE kind = ? AND id = ?', kind, id) !== 0,
      all: () => this.sql('SELECT json FROM documents WHERE kind = ? ORDER BY id').all(kind).map(parse),
      ids: () => {
        const rows = this.sql('SELECT id FROM documents WHERE kind = ? ORDER BY id').all(kind);
        return rows.map((row) => String(row['id']));
      },
      where: (field, value) => {
        const query = 'SELECT json FROM documents WHERE kind = ? AND json ->> ? = ? ORDER BY id';
        return this.sql(query).all(kind, field, value).map(parse);
      },
    };
  }

  /** Runs `work` (synchronous) in one transaction: all of it is kept, or none when it throws. Nested calls join the outer one. */
  transaction<T>(work: () => T): T {
    if (this.depth > 0) return work();
    this.database.exec('BEGIN IMMEDIATE');
    this.depth = 1;
    try {
      const result = work();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself where the disk was full (sqlite.org/lang_transaction.html).
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw isDiskFull(error) ? diskFull(error) : error;
    } finally {
      this.depth = 0;
    }
  }

  /** 1, 2, 3 … per name; a number is never given twice, also after a crash. */
  nextNumber(name: string): number {
    const query =
      'INSERT INTO sequences VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value';
    return Number(this.sql(query).get(name)?.['value']);
  }

  close(): void {
    this.statements.clear();
    keepReserve(this.path, () => this.database.close());
  }

  /** Answers how many rows changed. @throws NaruError "unavailable" E_DISK_FULL */
  private write(text: string, ...values: readonly string[]): number {
    try {
      return Number(this.sql(text).run(...values).changes);
    } catch (error) {
      throw isDiskFull(error) ? diskFull(error) : error;
    }
  }

  private makeLeaseRows(): LeaseRows {
    const column = (rows: readonly Record<string, unknown>[], name: string): readonly string[] =>
      rows.map((row) => String(row[name]));
    return {
      add: (owner, resource) => {
        this.write('INSERT OR IGNORE INTO leases VALUES (?, ?)', owner, resource);
      },
      remove: (owner, resource) => {
        if (resource === undefined) this.write('DELETE FROM leases WHERE owner = ?', owner);
        else this.write('DELETE FROM leases WHERE owner = ? AND resource = ?', owner, resource);
      },
      removeByPrefix: (prefix) => {
        this.write('DELETE FROM leases WHERE substr(owner, 1, length(?)) = ?', prefix, prefix);
      },
      owners: (resource) =>
        column(this.sql('SELECT owner FROM leases WHERE resource = ? ORDER BY owner').all(resource), 'owner'),
      all: () =>
        this.sql('SELECT owner, resource FROM leases ORDER BY owner')
          .all()
          .map((row) => ({ owner: String(row['owner']), resource: String(row['resource']) })),
    };
  }

  private migrate(path: string): void {
    const version = Number(this.sql('PRAGMA user_version').get()?.['user_version']);
    if (version > MIGRATIONS.length) {
      this.database.close();
      throw new NaruError('unavailable', 'E_METADATA_VERSION', `${path} was written by a newer engine`, {
        hint: 'start the newer engine, or use another root directory',
      });
    }
    for (let step = version; step < MIGRATIONS.length; step += 1) {
      this.transaction(() =>
        this.database.exec(`${MIGRATIONS[step] ?? ''}; PRAGMA user_version = ${step + 1}`),
      );
    }
  }

  private sql(text: string): StatementSync {
    const known = this.statements.get(text);
    if (known !== undefined) return known;
    const made = this.database.prepare(text);
    this.statements.set(text, made);
    return made;
  }
}

/** SQLITE_FULL and SQLITE_IOERR on writing: sqlite.org/rescode.html. */
function isDiskFull(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    [SQLITE_FULL, SQLITE_IOERR].includes(Number(error.errcode) & 0xff)
  );
}

const SQLITE_IOERR = 10;
const SQLITE_FULL = 13;
