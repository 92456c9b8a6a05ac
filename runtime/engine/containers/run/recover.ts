/**
 * What a new engine process does with the containers of the one before.
 * conmon and the processes lived on; what ended meanwhile has its exit file; what lost its monitor counts as killed.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { crunDelete, crunStatus } from '../../../oci-runtime/crun.ts';
import { bundleDir } from '../../../oci-runtime/runtime-dirs.ts';
import type { ContainerEntry } from '../container-entry.ts';
import { snapshotKey, type ContainerParts } from '../parts.ts';
import { finishRun, scheduleRestart } from './exit.ts';
import { beginHealth } from './health.ts';
import { exitWithoutMonitor, isMonitored, watchMonitor } from './monitor-watch.ts';
import { releaseRun } from './release.ts';
import { removeLocked } from './remove.ts';
import { holdRootfs, RUN_HOLDER } from './rootfs-mount.ts';
import { LONG_RUN_MS, shouldStartWithEngine } from './restart-policy.ts';
import { adoptVolumes } from './run-volumes.ts';
import { attachRequest, startLocked } from './start.ts';

export async function recoverContainers(parts: ContainerParts): Promise<void> {
  const entries = parts.table.all();
  for (const { record } of entries) {
    for (const { name } of record.mounts) if (name !== undefined) parts.volumes.acquire(name, record.id);
  }
  const running = entries.filter((entry) => entry.isRunning && isMonitored(parts, entry));
  await parts.networking.recover(
    running.flatMap(({ record }) =>
      record.attachment === undefined ? [] : [{ ...attachRequest(record), attachment: record.attachment }],
    ),
  );
  for (const entry of entries) {
    await entry
      .exclusive(() => recoverOne(parts, entry))
      .catch((error: unknown) => {
        parts.onProblem(`cannot take over container ${entry.id}`, error);
      });
  }
  await removeOrphans(parts);
  for (const entry of entries) startIfWanted(parts, entry);
}

async function recoverOne(parts: ContainerParts, entry: ContainerEntry): Promise<void> {
  switch (entry.state.status) {
    case 'running':
    case 'paused':
      return recoverRunning(parts, entry);
    case 'restarting':
      scheduleRestart(parts, entry, LONG_RUN_MS);
      return;
    case 'removing':
    case 'dead':
      await releaseRun(parts, entry);
      return removeLocked(parts, entry, { volumes: entry.record.host.autoRemove === true });
    case 'created':
    case 'exited':
      // A start or an end that the engine did not live to finish, or a client that did not live to start it.
      if (existsSync(bundleDir(parts.dirs, entry.id))) await releaseRun(parts, entry);
      else await parts.snapshots.unmount(snapshotKey(entry.id));
      if (entry.record.host.autoRemove === true) await removeLocked(parts, entry, { volumes: true });
      return;
  }
}

async function recoverRunning(parts: ContainerParts, entry: ContainerEntry): Promise<void> {
  adoptVolumes(entry);
  const exit = parts.exits.readExit(entry.id);
  if (exit !== undefined) return finishRun(parts, entry, exit);
  if (!isMonitored(parts, entry)) return finishRun(parts, entry, exitWithoutMonitor(parts, entry));
  if ((await crunStatus(parts.dirs, entry.id))?.status === 'created') {
    // The engine died between making and starting it.
    return finishRun(parts, entry, exitWithoutMonitor(parts, entry));
  }
  await holdRootfs(parts, entry, RUN_HOLDER);
  watchMonitor(parts, entry);
  beginHealth(parts, entry);
}

/** Bundles and directories of containers that no record knows: the engine died while it made or removed them. */
async function removeOrphans(parts: ContainerParts): Promise<void> {
  const { runDir, stateDir } = parts.options;
  for (const id of existsSync(stateDir) ? readdirSync(stateDir) : []) {
    if (parts.table.byId(id) === undefined) await rm(join(stateDir, id), { recursive: true, force: true });
  }
  const bundles = join(runDir, 'c');
  const known = new Set(parts.table.all().map(({ id }) => id.slice(0, 12)));
  for (const name of existsSync(bundles) ? readdirSync(bundles) : []) {
    if (known.has(name)) continue;
    const id = readId(join(bundles, name));
    if (id !== undefined) await crunDelete(parts.dirs, id);
    await rm(join(bundles, name), { recursive: true, force: true });
  }
}

function readId(bundle: string): string | undefined {
  try {
    const text = readFileSync(join(bundle, 'config.json'), 'utf8');
    return /"cgroupsPath":"[^"]*\/([0-9a-f]{64})"/.exec(text)?.[1];
  } catch {
    return undefined;
  }
}

function startIfWanted(parts: ContainerParts, entry: ContainerEntry): void {
  const { host, isStoppedByUser } = entry.record;
  if (entry.state.status !== 'exited' || !shouldStartWithEngine(host.restartPolicy, isStoppedByUser)) return;
  entry
    .exclusive(async () => {
      if (entry.state.status === 'exited') await startLocked(parts, entry);
    })
    .catch((error: unknown) => parts.onProblem(`cannot start container ${entry.id} with the engine`, error));
}
