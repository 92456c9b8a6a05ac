/** The engine that the extension started: what a test brings to it, and its end. It outlives the editor by intent. */

import assert from 'node:assert/strict';
import { createReadStream, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { EngineConnection } from '../../../client/driver/engine/connection.ts';
import { listContainers, removeContainer } from '../../../client/driver/engine/containers.ts';
import { loadImages } from '../../../client/driver/engine/images.ts';
import { openUnixTarget } from '../../../client/driver/targets/unix.ts';
import { busyboxArchive } from '../../../scripts/base-images.ts';
import { until } from './until.ts';

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

/** Brings busybox, made from a Debian package, to the engine that the extension started, under the names of the stand-ins. */
export async function loadBaseImages(root: string): Promise<void> {
  const engine = await EngineConnection.open(openUnixTarget(join(root, 'naru.sock')).connect);
  const archive = createReadStream(await busyboxArchive());
  for await (const message of loadImages(engine, archive)) assert.ok(message);
  engine.dispose();
}
