/** Files in the user's cache directory: where they are, and how they are replaced. What is in them can always be made again. */

import { createHash, randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { makeFolder } from './make-folder.ts';

/** One file of each kind per root, under `${XDG_CACHE_HOME}/naru` or the platform's usual place. */
export function cacheFile(
  kind: 'stat-cache' | 'contexts',
  root: string,
  env: NodeJS.ProcessEnv,
  home: string,
): string {
  const base = env['XDG_CACHE_HOME'] ?? env['LOCALAPPDATA'] ?? join(home, '.cache');
  const name = createHash('sha256').update(root).digest('hex').slice(0, 32);
  return join(base, 'naru', kind, name);
}

/** As a whole; readable by its owner only; a crash leaves the old file or the new one. The directory is made when missing. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  makeFolder(dirname(file));
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
