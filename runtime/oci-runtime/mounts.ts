/** The mounts of a container in the order crun makes them: the kernel's file systems, then the user's from the outside in. */

import type { OciMount } from './runtime-spec.ts';

export interface UserMount {
  readonly type: 'bind' | 'tmpfs';
  /** Host path; ignored for tmpfs. */
  readonly source: string;
  readonly destination: string;
  readonly isWritable: boolean;
  /** bind: `rprivate` … ; '' is rprivate. */
  readonly propagation: string;
  /** bind: what is mounted below the source comes along. */
  readonly isRecursive: boolean;
  /** tmpfs: mount options such as `size=1m`. */
  readonly options: readonly string[];
}

export interface MountPlan {
  readonly user: readonly UserMount[];
  /** Host path of the shared memory directory to bind, undefined to make a tmpfs. */
  readonly shmSource?: string;
  readonly shmSizeBytes: number;
  /** The container has the network of the host: sysfs of a foreign network namespace cannot be mounted. */
  readonly hasHostNetwork: boolean;
}

/** Docker: 64 MiB. */
export const DEFAULT_SHM_BYTES = 64 * 1024 * 1024;

export function makeMounts(
  plan: MountPlan,
  facts: { readonly privileged: boolean; readonly hasOwnIpc: boolean },
): readonly OciMount[] {
  const taken = new Set(plan.user.map((mount) => mount.destination));
  const base = kernelMounts(plan, facts).filter((mount) => !taken.has(mount.destination));
  const user = plan.user.toSorted((a, b) => depth(a.destination) - depth(b.destination));
  return [...base, ...user.map(toOci)];
}

function kernelMounts(
  plan: MountPlan,
  facts: { readonly privileged: boolean; readonly hasOwnIpc: boolean },
): readonly OciMount[] {
  const mode = facts.privileged ? 'rw' : 'ro';
  const hardened = ['nosuid', 'noexec', 'nodev'];
  return [
    { destination: '/proc', type: 'proc', source: 'proc', options: hardened },
    {
      destination: '/dev',
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
    },
    {
      destination: '/dev/pts',
      type: 'devpts',
      source: 'devpts',
      options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
    },
    { destination: '/sys', type: 'sysfs', source: 'sysfs', options: [...hardened, mode] },
    { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup', options: [mode, ...hardened] },
    { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: hardened },
    shmMount(plan, facts.hasOwnIpc),
  ];
}

function shmMount(plan: MountPlan, hasOwnIpc: boolean): OciMount {
  const destination = '/dev/shm';
  if (plan.shmSource !== undefined || !hasOwnIpc) {
    return {
      destination,
      type: 'bind',
      source: plan.shmSource ?? '/dev/shm',
      options: ['rbind', 'rprivate'],
    };
  }
  const options = ['nosuid', 'noexec', 'nodev', 'mode=1777', `size=${Math.ceil(plan.shmSizeBytes / 1024)}k`];
  return { destination, type: 'tmpfs', source: 'shm', options };
}

function toOci(mount: UserMount): OciMount {
  if (mount.type === 'tmpfs') {
    // Docker: a tmpfs may not run or hold devices unless its options say so; later options win.
    const options = ['nosuid', 'nodev', 'noexec', ...mount.options, ...(mount.isWritable ? [] : ['ro'])];
    return {
      destination: mount.destination,
      type: 'tmpfs',
      source: 'tmpfs',
      options: dropOverridden(options),
    };
  }
  return {
    destination: mount.destination,
    type: 'bind',
    source: mount.source,
    options: [
      mount.isRecursive ? 'rbind' : 'bind',
      mount.propagation === '' ? 'rprivate' : mount.propagation,
      ...(mount.isWritable ? [] : ['ro']),
    ],
  };
}

function dropOverridden(options: readonly string[]): readonly string[] {
  const opposites: Readonly<Record<string, string>> = {
    exec: 'noexec',
    dev: 'nodev',
    suid: 'nosuid',
    rw: 'ro',
  };
  const dropped = new Set(
    options.flatMap((option) => (option in opposites ? [opposites[option] ?? ''] : [])),
  );
  return options.filter((option) => !dropped.has(option));
}

function depth(path: string): number {
  return path.split('/').filter((part) => part !== '').length;
}
