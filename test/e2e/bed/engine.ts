/** Ends the engine that the extension started: it outlives the editor by intent, so a test has to end it. */

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { EngineConnection } from '../../../client/driver/engine/connection.ts';
import { listContainers, removeContainer } from '../../../client/driver/engine/containers.ts';
import { openUnixTarget } from '../../../client/driver/targets/unix.ts';
import { until } from './workbench.ts';

/** Removes all containers, ends the process and deletes the root. Does nothing when no engine was started there. */
export async function endEngine(root: string): Promise<void> {
  const pid = enginePid(root);
  if (pid !== undefined && isAlive(pid)) {
    const engine = await EngineConnection.open(openUnixTarget(join(root, 'naru.sock')).connect);
    for (const { id } of await listContainers(engine, { isAll: true })) {
      await removeContainer(engine, id, { isForced: true });
    }
    engine.dispose();
    process.kill(pid, 'SIGTERM');
    await until('end of the engine', async () => (isAlive(pid) ? undefined : true), 20_000);
  }
  rmSync(root, { recursive: true, force: true });
}

/** From the line the engine prints when it answers. */
function enginePid(root: string): number | undefined {
  const log = join(root, 'start.log');
  if (!existsSync(log)) return undefined;
  const ready = /"event":"ready".*"pid":(\d+)/.exec(readFileSync(log, 'utf8'));
  return ready === null ? undefined : Number(ready[1]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
