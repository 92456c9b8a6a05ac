/**
 * Gives the files of a layer that are newer than a point in time that time, as BuildKit does with `rewrite-timestamp=true`:
 * what a step dated itself, further back, stays. Synchronous, for a worker thread.
 */

import * as fs from 'node:fs';

import { lutimens } from '../host/syscalls.ts';
import * as overlay from './overlay-files.ts';

/** What is dated back. */
export interface Clamping {
  /** In nanoseconds since the epoch. */
  readonly latestNs: bigint;
  /** Files of other layers may be linked into this one: a file with several names has the time it should have, and may not be touched. */
  readonly mayHoldOthers: boolean;
}

/** `directory` is a snapshot's upper directory and must not be mounted. Links are not followed; whiteouts have no time. */
export function clampTimes(directory: string | Buffer, clamping: Clamping): void {
  const { latestNs, mayHoldOthers } = clamping;
  for (const name of overlay.listDirectory(directory)) {
    const path = overlay.joinPath(directory, name);
    const stats = fs.lstatSync(path, { bigint: true });
    if (stats.isDirectory()) clampTimes(path, clamping);
    else if (mayHoldOthers && stats.nlink > 1n) continue;
    else if (stats.mtimeNs > latestNs && !overlay.isWhiteout(stats)) lutimens(path, latestNs);
  }
  if (fs.lstatSync(directory, { bigint: true }).mtimeNs > latestNs) lutimens(directory, latestNs);
}
