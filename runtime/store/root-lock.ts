/**
 * One engine per root: an exclusive SQLite lock on ROOT/engine.lock, which is a POSIX lock the kernel drops when the process dies.
 * So a lock is never stale; the pid beside it is only for the message.
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { NaruError } from '../../core/errors.ts';
import { diskFullError } from '../host/disk-full.ts';

/** Holds the root until `release` or the end of the process. @throws conflict naming the other engine's pid */
export function lockRoot(root: string): { readonly release: () => void } {
  const database = new DatabaseSync(join(root, 'engine.lock'), { timeout: 0 });
  try {
    // Nothing is written to it; a journal would need space on a disk that may be full.
    database.exec('PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new NaruError('conflict', 'E_ROOT_IN_USE', `another engine${ownerOf(root)} uses ${root}`, {
      hint: 'stop it first, or choose another --root',
      cause,
    });
  }
  const pidFile = join(root, 'engine.pid');
  try {
    writeFileSync(pidFile, `${process.pid}\n`);
  } catch (error) {
    if (diskFullError(error) === undefined) throw error; // an engine without it can free space
  }
  return {
    release: () => {
      rmSync(pidFile, { force: true }); // somebody else may be given that pid
      database.close();
    },
  };
}

function ownerOf(root: string): string {
  try {
    return ` (pid ${readFileSync(join(root, 'engine.pid'), 'utf8').trim()})`;
  } catch {
    return ''; // the other engine has not written it yet
  }
}
