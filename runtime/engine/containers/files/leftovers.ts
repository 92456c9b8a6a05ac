/** What starting a container leaves in its layer: empty files and directories as mount points. Docker keeps these in a layer of their own. */

import type { ContainerRecord } from '../container.ts';
import { ETC_FILES } from '../run/etc-files.ts';

const FILES: ReadonlySet<string> = new Set(['/.dockerenv', ...ETC_FILES, '/sbin/docker-init']);
const DIRECTORIES: ReadonlySet<string> = new Set(['/dev', '/etc', '/proc', '/sys']);

/** For something the image does not have: an empty file or directory where the engine mounts. */
export function isMountLeftover(
  record: ContainerRecord,
  path: string,
  stats: { readonly size: number; isDirectory(): boolean; isFile(): boolean },
): boolean {
  if (stats.isFile() && stats.size > 0) return false;
  if (stats.isDirectory() ? DIRECTORIES.has(path) : FILES.has(path)) return true;
  const targets = [
    ...record.mounts.map(({ destination }) => destination),
    ...Object.keys(record.host.tmpfs ?? {}),
  ];
  return targets.some((target) => target === path || (stats.isDirectory() && target.startsWith(`${path}/`)));
}
