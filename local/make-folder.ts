/**
 * Folders at places that a user chose.
 * Node's own `mkdir` with `recursive` never comes back where the kernel answers ENOENT although the parent is there, as /proc does
 * (Node 20.20 and 24.21: the synchronous one keeps the whole process from ending), so the steps are taken here.
 */

import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { NaruError } from '../core/errors.ts';
import { errorCode } from './error-code.ts';
import { systemReason } from './system-reason.ts';

export interface FolderOptions {
  /** Of every folder that is made; as the umask has it when absent. */
  readonly mode?: number;
  /** What to do about one that cannot be made. */
  readonly hint?: string;
}

/** Makes a folder and those above it; one that is there is fine. @throws NaruError "unavailable" E_FOLDER with the path and the kernel's reason */
export function makeFolder(path: string, { mode, hint }: FolderOptions = {}): void {
  const whole = resolve(path);
  try {
    makeWithParents(whole, mode);
  } catch (cause) {
    throw new NaruError('unavailable', 'E_FOLDER', `cannot make ${whole}: ${reasonOf(cause)}`, {
      cause,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

function makeWithParents(path: string, mode: number | undefined): void {
  try {
    mkdirSync(path, mode);
  } catch (error) {
    if (isFolder(path)) return; // whatever the kernel says about it: a read-only place may have it already
    const parent = dirname(path);
    if (errorCode(error) !== 'ENOENT' || parent === path || isFolder(parent)) throw error;
    makeWithParents(parent, mode);
    makeWithParents(path, mode); // again, not once more: somebody else may have made it meanwhile
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Without Node's code and call: `permission denied`. */
function reasonOf(error: unknown): string {
  if (errorCode(error) === 'EEXIST') return 'a file is in the way';
  return systemReason(error);
}
