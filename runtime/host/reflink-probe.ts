/** Whether files of a directory can share their data by reference: btrfs and XFS can, ext4 and tmpfs cannot. */

import * as fs from 'node:fs';
import { join } from 'node:path';

import { reflink } from './syscalls.ts';

/** Tries it with two files that are removed again. */
export function canReflinkIn(directory: string): boolean {
  const probe = fs.mkdtempSync(join(directory, 'probe-'));
  const [from, to] = [fs.openSync(join(probe, 'from'), 'wx+'), fs.openSync(join(probe, 'to'), 'wx')];
  try {
    fs.writeSync(from, 'x');
    return reflink(from, to);
  } finally {
    fs.closeSync(from);
    fs.closeSync(to);
    fs.rmSync(probe, { recursive: true });
  }
}
