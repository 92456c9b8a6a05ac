/**
 * Room for the metadata's journal on a disk that is full: what frees space has to write to it first.
 * SQLite never shortens a WAL file while it is open and writes it from its beginning after each checkpoint (sqlite.org/wal.html),
 * so one that is made long while there is space takes some hundred changes when there is none.
 */

import { closeSync, existsSync, fstatSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** A checkpoint comes at 4 MiB; what is above takes over 300 changes when checkpoints fail, too. */
const RESERVED_BYTES = 6 * 1024 * 1024;
const WAL_HEADER_BYTES = 32;

/** Makes the journal of an open database long, as far as there is space. Bytes behind its last frame mean nothing. */
export function reserveJournal(database: string): void {
  let file: number | undefined;
  try {
    file = openSync(`${database}-wal`, 'r+');
    const zeros = Buffer.alloc(256 * 1024);
    for (let at = fstatSync(file).size; at < RESERVED_BYTES; )
      at += writeSync(file, zeros, 0, Math.min(zeros.length, RESERVED_BYTES - at), at);
  } catch {
    // No space, or no journal: the engine works without a reserve as long as there is space.
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Runs `close`, which removes the journal, and puts its blocks back as an empty one, so that nothing else takes them meanwhile. */
export function keepReserve(database: string, close: () => void): void {
  const [journal, kept] = [`${database}-wal`, `${database}-reserve`];
  rmSync(kept, { force: true });
  try {
    linkSync(journal, kept);
  } catch {
    close(); // a file system without hard links
    return;
  }
  close();
  // It stays where what is in it could not be moved to the database; an empty one has no header.
  if (existsSync(journal)) {
    rmSync(kept);
    return;
  }
  const file = openSync(kept, 'r+');
  writeSync(file, Buffer.alloc(WAL_HEADER_BYTES), 0, WAL_HEADER_BYTES, 0);
  closeSync(file);
  renameSync(kept, journal);
}
