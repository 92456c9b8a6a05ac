/** What a snapshot is on disk before it has a row. */

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
