/** `DELETE /containers/{id}` and what `--rm` does. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { NaruError } from '../../../../core/errors.ts';
import type { ContainerEntry } from '../container-entry.ts';
import { publishContainer } from '../container-events.ts';
import { snapshotKey, type ContainerParts } from '../parts.ts';
import type { RemoveOptions } from '../requests.ts';
import { releaseFiles } from './release.ts';
import { endByForce } from './stop.ts';

/** @throws conflict in Docker's words while it runs, unless forced */
export async function removeContainer(
  parts: ContainerParts,
  entry: ContainerEntry,
  options: RemoveOptions,
): Promise<void> {
  if (options.force === true) await endByForce(parts, entry);
  await entry.exclusive(async () => {
    // `--rm` may have been quicker.
    if (parts.table.byId(entry.id) === undefined) return;
    checkRemovable(entry);
    await removeLocked(parts, entry, options);
  });
}

/** Inside `exclusive`, for a container that does not run. */
export async function removeLocked(
  parts: ContainerParts,
  entry: ContainerEntry,
  options: { readonly volumes?: boolean },
): Promise<void> {
  clearTimeout(entry.restartTimer);
  entry.changeState({ status: 'removing' });
  await removeFiles(parts, entry);
  forget(parts, entry, options);
}

/**
 * What `--rm` does at the end of a run: nobody waits for the disk. Inside `exclusive`, after `releaseShared`.
 * An engine that dies in between finds files without a record and removes them (recover.ts).
 */
export async function removeAfterRun(parts: ContainerParts, entry: ContainerEntry): Promise<void> {
  forget(parts, entry, { volumes: true });
  await releaseFiles(parts, entry);
  await removeFiles(parts, entry);
}

async function removeFiles(parts: ContainerParts, { id }: ContainerEntry): Promise<void> {
  const key = snapshotKey(id);
  if ((await parts.snapshots.stat(key)) !== undefined) await parts.snapshots.remove(key);
  await rm(join(parts.options.stateDir, id), { recursive: true, force: true });
}

/** Gives back its volumes and its name, and tells who waits. */
function forget(parts: ContainerParts, entry: ContainerEntry, options: { readonly volumes?: boolean }): void {
  const { id, mounts } = entry.record;
  for (const { name, isAnonymous } of mounts) {
    if (name === undefined) continue;
    parts.volumes.release(name, id);
    const isLast = parts.volumes.usersOf(name).length === 0;
    if (options.volumes === true && isAnonymous && isLast) parts.volumes.remove(name, true);
  }
  parts.table.delete(entry);
  for (const session of entry.pendingSessions) session.finish();
  publishContainer(parts.events, entry, 'destroy');
  entry.tell(['removed', 'next-exit', 'not-running']);
}

function checkRemovable(entry: ContainerEntry): void {
  const { name, state } = entry.record;
  const reason = {
    running: 'container is running: stop the container before removing or force remove',
    restarting: 'container is restarting: stop the container before removing or force remove',
    paused: 'container is paused and must be unpaused first',
    created: undefined,
    exited: undefined,
    dead: undefined,
    removing: undefined,
  }[state.status];
  if (reason === undefined) return;
  throw new NaruError('conflict', 'E_RUNNING', `cannot remove container "/${name}": ${reason}`);
}
