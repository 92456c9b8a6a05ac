/** The volumes of a container while it runs: their content is there, and `docker events` tells it (dockerd 28.5.2). */

import type { ContainerEntry } from '../container-entry.ts';
import type { ContainerParts } from '../parts.ts';

/** Volumes with driver options are mounted only while one of their containers runs; a repeated call is told again. */
export function mountVolumes(parts: ContainerParts, entry: ContainerEntry): void {
  for (const { name, destination, isWritable, propagation } of entry.record.mounts) {
    if (name === undefined) continue;
    parts.volumes.mount(name);
    entry.mountedVolumes.add(name);
    parts.events.publish('volume', 'mount', name, {
      container: entry.id,
      destination,
      driver: 'local',
      propagation,
      'read/write': String(isWritable),
    });
  }
}

/** For a container of an engine that is no more, whose process goes on: they are mounted, and nobody is told. */
export function adoptVolumes(entry: ContainerEntry): void {
  for (const { name } of entry.record.mounts) if (name !== undefined) entry.mountedVolumes.add(name);
}

/** Undoes it, except for what another container that runs holds. Reports what fails and goes on; safe to repeat. */
export function unmountVolumes(parts: ContainerParts, entry: ContainerEntry): void {
  for (const { name } of entry.record.mounts) {
    if (name === undefined) continue;
    if (entry.mountedVolumes.delete(name)) {
      parts.events.publish('volume', 'unmount', name, { container: entry.id, driver: 'local' });
    }
    const others = parts.volumes.usersOf(name).filter((user) => user !== entry.id);
    if (others.some((user) => parts.table.byId(user)?.isRunning === true)) continue;
    try {
      parts.volumes.unmount(name);
    } catch (error) {
      parts.onProblem(`cannot unmount volume ${name}`, error);
    }
  }
}
