/**
 * Moving a process into a control group takes a lock of the kernel, for which the first who wants it waits some 10 ms (an RCU grace period, cgroup_threadgroup_rwsem in kernel/cgroup/cgroup.c);
 * whoever comes soon after does not wait. crun moves every container's process. So the lock is taken for nothing while the container is still being prepared: then that time has passed when crun comes.
 * What takes it is the engine moving itself to where it is.
 */

import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';

/** Where the engine is. */
interface OwnGroup {
  /** Open, and what it said. */
  readonly groupsFile: FileHandle;
  readonly groups: string;
  readonly procs: FileHandle;
}

/** `close` it. Where the engine may not, or cannot tell its group, nothing is done. */
export class MigrationLock {
  #own: Promise<OwnGroup | undefined> | undefined;
  #taking: Promise<boolean> | undefined;

  /** Takes it; who asks meanwhile is served by the same. Nobody has to wait for it. @returns whether it was taken; never fails, because it is only about time */
  warm(): Promise<boolean> {
    this.#taking ??= this.#take()
      .catch(() => false)
      .finally(() => {
        this.#taking = undefined;
      });
    return this.#taking;
  }

  /** Waits for what `warm` began. */
  async close(): Promise<void> {
    await this.#taking;
    const own = await this.#own;
    this.#own = undefined;
    await own?.procs.close();
    await own?.groupsFile.close();
  }

  async #take(): Promise<boolean> {
    this.#own ??= openOwnGroup().catch(() => undefined);
    const own = await this.#own;
    // Somebody may have moved the engine, which is not to be undone.
    if (own === undefined || (await readAgain(own.groupsFile)) !== own.groups) return false;
    await own.procs.write('0', 0); // the process that writes
    return true;
  }
}

/** Undefined where the paths are those of another mount or namespace: the group must list the engine. */
async function openOwnGroup(): Promise<OwnGroup | undefined> {
  const groupsFile = await open('/proc/self/cgroup');
  const groups = await readAgain(groupsFile);
  for (const directory of directoriesOf(groups)) {
    const procs = await open(join(directory, 'cgroup.procs'), 'r+').catch(() => undefined);
    if (procs === undefined) continue;
    const pids = await procs.readFile('utf8').catch(() => '');
    if (pids.split('\n').includes(String(process.pid))) return { groupsFile, groups, procs };
    await procs.close();
  }
  await groupsFile.close();
  return undefined;
}

/** From its beginning, in one call: the kernel makes the text anew. One that is longer is taken for that much. */
async function readAgain(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_GROUPS_BYTES), 0, MAX_GROUPS_BYTES, 0);
  return buffer.toString('utf8', 0, bytesRead);
}

const MAX_GROUPS_BYTES = 4096;

/** cgroups(7): `hierarchy:controllers:path` each; version 2 has number 0, and is mounted at the root or, on hybrid hosts, at `unified`. Any hierarchy does. */
function directoriesOf(groups: string): readonly string[] {
  return groups
    .trim()
    .split('\n')
    .toReversed()
    .flatMap((line) => {
      const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
      if (controllers !== '') return [join(ROOT, controllers.replace('name=', ''), path)];
      return [join(ROOT, path), join(ROOT, 'unified', path)];
    });
}
