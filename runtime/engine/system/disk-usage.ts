/** Bytes that the files below a directory hold; what `df` and prune report for volumes. */

import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Sum of the sizes of regular files; what vanishes meanwhile counts as nothing. Links are not followed. */
export async function diskUsageBytes(directory: string): Promise<number> {
  let total = 0;
  for (const entry of await entriesOf(directory)) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) total += await diskUsageBytes(path);
    else if (entry.isFile()) total += await sizeOf(path);
  }
  return total;
}

async function entriesOf(directory: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch {
    return []; // gone, or not readable: it counts as nothing
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await lstat(path)).size;
  } catch {
    return 0; // gone meanwhile
  }
}
