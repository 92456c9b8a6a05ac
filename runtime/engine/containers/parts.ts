/** What the operations on containers work with; made once by `Containers`. */

import type { HostFacts } from '../../oci-runtime/config.ts';
import type { ExitWatcher } from '../../oci-runtime/exits.ts';
import type { MigrationLock } from '../../oci-runtime/migration-lock.ts';
import type { RuntimeDirs } from '../../oci-runtime/runtime-dirs.ts';
import type { Networking } from '../../net/networking.ts';
import type { Snapshotter } from '../../snapshots/snapshotter.ts';
import type { Events } from '../events/events.ts';
import type { ImageStore } from '../images/image-store.ts';
import type { Volumes } from '../volumes/volumes.ts';
import type { ContainerId } from './container.ts';
import type { ContainerRecords, ContainerTable } from './container-table.ts';

/** Where the engine keeps things and what it runs with. */
export interface ContainersOptions {
  /** Short and stable for one engine root; names cgroups and run directories. */
  readonly engineId: string;
  /** Persistent, one directory per container below it. */
  readonly stateDir: string;
  /** Gone after a reboot, shorter than 60 bytes: attach sockets live below it. */
  readonly runDir: string;
  /** Directory with `crun`, `conmon` and `tini`. */
  readonly nativeDir: string;
}

export interface ContainersDependencies {
  readonly options: ContainersOptions;
  readonly records: ContainerRecords;
  readonly images: ImageStore;
  readonly snapshots: Snapshotter;
  readonly networking: Networking;
  readonly volumes: Volumes;
  readonly events: Events;
  /** One line for the engine's log about what failed where nobody waits for an answer. */
  readonly onProblem: (message: string, cause: unknown) => void;
}

export interface ContainerParts extends ContainersDependencies {
  readonly dirs: RuntimeDirs;
  readonly facts: HostFacts;
  readonly table: ContainerTable;
  readonly exits: ExitWatcher;
  readonly migrationLock: MigrationLock;
  /** Ends of runs that are being cleaned up; a container removed by `--rm` is in the table no more. */
  readonly finishing: Set<Promise<void>>;
}

/** Key of a container's writable snapshot. */
export function snapshotKey(id: ContainerId): string {
  return `container-${id}`;
}
