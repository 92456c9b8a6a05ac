/** Which files a process sees: two processes with the same view see the same file under the same path. */

import { closeSync, constants, openSync, readFileSync, readlinkSync, statSync } from 'node:fs';

import { bootId } from './boot-id.ts';

/** Made of the running kernel, the mount namespace and the root directory; undefined where that cannot be told. */
export function fileView(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const { dev, ino } = statSync('/', { bigint: true });
    return `${bootId()} ${readlinkSync('/proc/self/ns/mnt')} ${dev}:${ino}:${rootMount()}`;
  } catch {
    return undefined;
  }
}

/** Number of the mount, as in /proc/self/mountinfo: a root that is a bind mount of another's is the same directory, but without what is mounted below it. @see proc_pid_fdinfo(5) */
function rootMount(): string {
  const fd = openSync('/', constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const [, id] = /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')) ?? [];
    if (id === undefined) throw new Error('the kernel does not say where / is mounted');
    return id;
  } finally {
    closeSync(fd);
  }
}
