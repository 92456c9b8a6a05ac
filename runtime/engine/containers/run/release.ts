/** Gives back what a run of a container held: cgroups, network, mount, bundle. Safe to repeat. */

import { rm } from 'node:fs/promises';

import { removeEnded } from '../../../oci-runtime/crun.ts';
import { bundleDir } from '../../../oci-runtime/runtime-dirs.ts';
import type { ContainerEntry } from '../container-entry.ts';
import type { ContainerParts } from '../parts.ts';
import { cgroupPathOf } from './cgroup-path.ts';
import { dropRootfs, RUN_HOLDER } from './rootfs-mount.ts';

/** Goes on when one part fails; the failures are reported, because the container has ended whatever they say. */
export async function releaseRun(parts: ContainerParts, entry: ContainerEntry): Promise<void> {
  entry.closeCompanions();
  const { id } = entry;
  const steps = await Promise.allSettled([
    // The mount can go only when no process of the container is left.
    removeEnded(parts.dirs, id, cgroupPathOf(parts, entry.record)).then(() =>
      dropRootfs(parts, entry, RUN_HOLDER),
    ),
    parts.networking.detach(id),
  ]);
  for (const step of steps) {
    if (step.status === 'rejected') parts.onProblem(`cannot clean up after container ${id}`, step.reason);
  }
  unmountVolumes(parts, entry);
  await rm(bundleDir(parts.dirs, id), { recursive: true, force: true });
  parts.exits.forget(id);
  const { attachment: _attachment, ...rest } = entry.record;
  entry.replace(rest);
}

/** Volumes with driver options are mounted only while one of their containers runs. */
function unmountVolumes(parts: ContainerParts, entry: ContainerEntry): void {
  for (const { name } of entry.record.mounts) {
    if (name === undefined) continue;
    const others = parts.volumes.usersOf(name).filter((user) => user !== entry.id);
    if (others.some((user) => parts.table.byId(user)?.isRunning === true)) continue;
    try {
      parts.volumes.unmount(name);
    } catch (error) {
      parts.onProblem(`cannot unmount volume ${name}`, error);
    }
  }
}
