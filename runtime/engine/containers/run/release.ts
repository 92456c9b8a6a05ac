/** Gives back what a run of a container held: cgroups, network, mount, bundle. Safe to repeat. */

import { rm } from 'node:fs/promises';

import { removeEnded } from '../../../oci-runtime/crun.ts';
import { bundleDir } from '../../../oci-runtime/runtime-dirs.ts';
import type { ContainerEntry } from '../container-entry.ts';
import type { ContainerParts } from '../parts.ts';
import { cgroupPathOf } from './cgroup-path.ts';
import { dropRootfs, RUN_HOLDER } from './rootfs-mount.ts';
import { unmountVolumes } from './run-volumes.ts';

/** All of it. Goes on when one part fails; the failures are reported, because the container has ended whatever they say. */
export async function releaseRun(parts: ContainerParts, entry: ContainerEntry): Promise<void> {
  await releaseShared(parts, entry);
  await releaseFiles(parts, entry);
}

/**
 * What others may want next: volumes, ports, addresses, control groups.
 * Volumes are unmounted and ports are free when the call returns, before its promise resolves.
 */
export async function releaseShared(parts: ContainerParts, entry: ContainerEntry): Promise<void> {
  const { id, record } = entry;
  entry.closeCompanions();
  parts.exits.forget(id);
  const { attachment, ...rest } = record;
  if (attachment !== undefined) entry.replace(rest);
  const detached = parts.networking.detach(id);
  unmountVolumes(parts, entry);
  const steps = await Promise.allSettled([
    detached,
    removeEnded(parts.dirs, id, cgroupPathOf(parts, record)),
  ]);
  for (const step of steps) if (step.status === 'rejected') report(parts, entry, step.reason);
}

/** The root file system, which can go only when no process of the container is left, and files. Takes as long as the disk takes. */
export async function releaseFiles(parts: ContainerParts, entry: ContainerEntry): Promise<void> {
  await dropRootfs(parts, entry, RUN_HOLDER).catch((error: unknown) => report(parts, entry, error));
  await rm(bundleDir(parts.dirs, entry.id), { recursive: true, force: true });
}

function report(parts: ContainerParts, { id }: ContainerEntry, reason: unknown): void {
  parts.onProblem(`cannot clean up after container ${id}`, reason);
}
