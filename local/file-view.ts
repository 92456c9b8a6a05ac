/** Which files a process sees: two processes with the same view see the same file under the same path. */

import { readFileSync, readlinkSync, statSync } from 'node:fs';

/** Made of the running kernel, the mount namespace and the root directory; undefined where that cannot be told. */
export function fileView(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const { dev, ino } = statSync('/', { bigint: true });
    return `${boot} ${readlinkSync('/proc/self/ns/mnt')} ${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
