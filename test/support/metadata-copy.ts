/** What an engine's metadata say, read from a copy: an engine that runs has the file for itself. */

import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** `root` is the engine's. The database is open while `read` runs. */
export function readMetadata<Result>(root: string, read: (database: DatabaseSync) => Result): Result {
  const copy = mkdtempSync(join(tmpdir(), 'naru-metadata-'));
  for (const name of ['metadata.sqlite', 'metadata.sqlite-wal'])
    if (existsSync(join(root, name))) copyFileSync(join(root, name), join(copy, name));
  const database = new DatabaseSync(join(copy, 'metadata.sqlite'));
  try {
    return read(database);
  } finally {
    database.close();
    rmSync(copy, { recursive: true, force: true });
  }
}
