/** What a snapshot is on disk beside its row: before it has one, and when its row cannot be written. */

import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';

import { lutimens } from '../host/syscalls.ts';

/** Makes a directory in `root` that no row names yet; its `fs` looks like `below`, the root of the layer below. @returns its path */
export function makeSnapshotDirectory(root: string, below: string | undefined): string {
  const directory = join(root, `new-${randomUUID()}`);
  const upper = join(directory, 'fs');
  fs.mkdirSync(upper, { recursive: true });
  fs.mkdirSync(join(directory, 'work'));
  fs.chmodSync(upper, 0o755);
  if (below === undefined) return directory;
  const like = fs.statSync(below, { bigint: true });
  fs.chownSync(upper, Number(like.uid), Number(like.gid));
  fs.chmodSync(upper, Number(like.mode & 0o7777n));
  lutimens(upper, like.mtimeNs);
  return directory;
}

/** Links are not followed; what is not there is gone. */
export async function removeTree(path: string): Promise<void> {
  await fs.promises.rm(path, { recursive: true, force: true });
}

/** The sticky bit, which means nothing here, of a snapshot's own directory, which is in no layer. */
const LOST_BIT = 0o1000;

/** Says of a snapshot's directory that the disk did not take it. Needs no space. @throws the system call's error */
export function markLost(directory: string): void {
  fs.chmodSync(directory, (fs.statSync(directory).mode & 0o7777) | LOST_BIT);
}

export function isMarkedLost(directory: string): boolean {
  return ((fs.statSync(directory, { throwIfNoEntry: false })?.mode ?? 0) & LOST_BIT) !== 0;
}
