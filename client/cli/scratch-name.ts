/**
 * Names of half-written files and folders that say who writes them, so that what a killed writer left is known as such.
 * Only where processes can be told apart for certain: on Linux, in one run of the machine and one PID namespace.
 */

import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';

import { bootId } from '../../local/boot-id.ts';
import { errorCode } from '../../local/error-code.ts';

/** A name for what becomes `name`, in the same folder. Without the writer where it would be too long, or cannot be told. */
export function scratchName(name: string): string {
  const space = processSpace();
  const start = space === undefined ? undefined : startOf(process.pid);
  const random = randomBytes(4).toString('hex');
  const short = `.${name}.${random}`;
  if (space === undefined || start === undefined) return short;
  const full = `${short}-${process.pid}-${start}-${space}`;
  return Buffer.byteLength(full) > MAX_NAME_BYTES ? short : full;
}

/** Removes what writers of `name` left that are no more. Never throws: what cannot be removed stays. */
export async function removeLeftovers(folder: string, name: string): Promise<void> {
  const space = processSpace();
  if (space === undefined) return;
  const names = await fs.readdir(folder).catch((): string[] => []);
  for (const found of names) {
    if (!found.startsWith(`.${name}.`)) continue;
    const [, pid, start, itsSpace] = WRITER.exec(found.slice(name.length + 2)) ?? [];
    if (itsSpace !== space || isRunning(Number(pid), String(start))) continue;
    await fs.rm(join(folder, found), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Of Linux: NAME_MAX. */
const MAX_NAME_BYTES = 255;
const WRITER = /^[0-9a-f]{8}-([1-9]\d*)-(\d+)-([0-9a-f]{12})$/;

/** Processes with the same one have PIDs that mean the same; undefined where that cannot be told. */
function processSpace(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    // A /proc of another namespace has other numbers.
    if (readlinkSync('/proc/self') !== String(process.pid)) return undefined;
    const space = `${bootId()} ${readlinkSync('/proc/self/ns/pid')}`;
    return createHash('sha256').update(space).digest('hex').slice(0, 12);
  } catch {
    return undefined;
  }
}

/** A process that may not be looked at counts as the writer. */
function isRunning(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Also a PID that no process can have.
    if (errorCode(error) === 'ESRCH') return false;
  }
  const itsStart = startOf(pid);
  return itsStart === undefined || itsStart === start;
}

/** In ticks since the machine started; a PID that is used again has another. @see proc_pid_stat(5) field 22 */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
