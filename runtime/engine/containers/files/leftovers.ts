/** What starting any container leaves in its layer: empty files and directories to mount on. Docker keeps these in a layer of their own; what a user mounts on is in the container's (28.5.2, measured). */

import { ETC_FILES } from '../run/etc-files.ts';

const FILES: ReadonlySet<string> = new Set(['/.dockerenv', ...ETC_FILES, '/sbin/docker-init']);
const DIRECTORIES: ReadonlySet<string> = new Set(['/dev', '/etc', '/proc', '/sys']);

/** For something the image does not have: an empty file or directory where the engine mounts. */
export function isMountLeftover(
  path: string,
  stats: { readonly size: number; isDirectory(): boolean; isFile(): boolean },
): boolean {
  if (stats.isFile() && stats.size > 0) return false;
  return stats.isDirectory() ? DIRECTORIES.has(path) : FILES.has(path);
}
