/** From a container's record to the plan of its config.json: looks up users, devices and other containers' namespaces. */

import { basename, join } from 'node:path';

import { NaruError } from '../../../../core/errors.ts';
import type { Attachment } from '../../../net/networking.ts';
import {
  INIT_PATH,
  type ContainerPlan,
  type NamespacePlan,
  type ProcessPlan,
  type SecurityPlan,
} from '../../../oci-runtime/config.ts';
import { DEFAULT_SHM_BYTES, type UserMount } from '../../../oci-runtime/mounts.ts';
import { initPath } from '../../../oci-runtime/runtime-dirs.ts';
import { resolveUser } from '../../../oci-runtime/users.ts';
import type { ContainerRecord, MountPoint } from '../container.ts';
import type { ContainerParts } from '../parts.ts';
import { clean } from '../create/mount-requests.ts';
import { cgroupPathOf } from './cgroup-path.ts';
import { deviceLimits, mappedDevices } from './devices.ts';
import { etcDirectory } from './etc-directory.ts';
import { ETC_FILES } from './etc-files.ts';
import { linkedEnvironment } from './links.ts';
import { sourceOf } from './mount-source.ts';
import { readUserFiles } from './rootfs.ts';
import { parseSecurity } from './security.ts';

/** @throws invalid-argument, not-found, conflict in Docker's words */
export function planContainer(
  parts: ContainerParts,
  record: ContainerRecord,
  rootfs: string,
  attachment: Attachment | undefined,
): ContainerPlan {
  const { host, config } = record;
  const security = parseSecurity(host.securityOpt ?? []);
  const openPaths = security.hasOpenSystemPaths ? { maskedPaths: [], readonlyPaths: [] } : {};
  return {
    process: planProcess(record, rootfs, linkedEnvironment(parts, record, attachment)),
    security: planSecurity(record),
    rootfs,
    readonlyRootfs: host.readonlyRootfs === true,
    domainname: config.domainname ?? '',
    namespaces: {
      pid: namespaceOf(parts, host.pidMode, 'pid'),
      ipc: namespaceOf(parts, host.ipcMode, 'ipc'),
      uts: host.utsMode === 'host' ? 'host' : 'private',
      cgroup: host.cgroupnsMode === 'host' ? 'host' : 'private',
      network: networkNamespace(parts, record, attachment),
    },
    mounts: {
      user: userMounts(parts, record),
      ...sharedMemory(parts, record),
      shmSizeBytes:
        host.shmSizeBytes === undefined || host.shmSizeBytes === 0 ? DEFAULT_SHM_BYTES : host.shmSizeBytes,
      hasHostNetwork: host.networkMode === 'host',
    },
    devices: mappedDevices(host),
    deviceCgroupRules: host.deviceCgroupRules ?? [],
    limits: host,
    deviceLimits: deviceLimits(host),
    sysctls: host.sysctls ?? {},
    cgroupsPath: cgroupPathOf(parts, record),
    ...openPaths,
    ...(host.maskedPaths === undefined ? {} : { maskedPaths: host.maskedPaths }),
    ...(host.readonlyPaths === undefined ? {} : { readonlyPaths: host.readonlyPaths }),
    annotations: host.annotations ?? {},
  };
}

/** How much an exec in the container may do as well. */
export function planSecurity(record: ContainerRecord): SecurityPlan {
  const { noNewPrivileges, seccomp } = parseSecurity(record.host.securityOpt ?? []);
  return {
    privileged: record.host.privileged === true,
    capAdd: record.host.capAdd ?? [],
    capDrop: record.host.capDrop ?? [],
    noNewPrivileges,
    seccomp,
  };
}

function planProcess(record: ContainerRecord, rootfs: string, linked: readonly string[]): ProcessPlan {
  const { config, host } = record;
  const args = [...(config.entrypoint ?? []), ...(config.cmd ?? [])];
  const { consoleHeight = 0, consoleWidth = 0 } = host;
  return {
    args: host.init === true ? [INIT_PATH, '--', ...args] : args,
    // A variable given here wins over one of the same name in front of it.
    env: [...linked, ...(config.env ?? [])],
    cwd: config.workingDir ?? '/',
    user: resolveUser(config.user ?? '', host.groupAdd ?? [], readUserFiles(rootfs)),
    tty: config.tty === true,
    hostname: config.hostname ?? '',
    ulimits: host.ulimits ?? [],
    oomScoreAdj: host.oomScoreAdj ?? 0,
    ...(consoleHeight > 0 && consoleWidth > 0
      ? { consoleSize: { height: consoleHeight, width: consoleWidth } }
      : {}),
  };
}

function namespaceOf(parts: ContainerParts, mode: string | undefined, type: 'pid' | 'ipc'): NamespacePlan {
  if (mode === 'host') return 'host';
  const joined = /^container:(.+)$/.exec(mode ?? '')?.[1];
  return joined === undefined ? 'private' : { path: `/proc/${runningPid(parts, joined)}/ns/${type}` };
}

function networkNamespace(
  parts: ContainerParts,
  record: ContainerRecord,
  attachment: Attachment | undefined,
): NamespacePlan {
  const mode = record.host.networkMode ?? '';
  if (mode === 'host') return 'host';
  const joined = /^container:(.+)$/.exec(mode)?.[1];
  if (joined === undefined)
    return attachment?.netnsPath === undefined ? 'private' : { path: attachment.netnsPath };
  const other = parts.table.get(joined).record;
  if (other.host.networkMode === 'host') return 'host';
  return { path: other.attachment?.netnsPath ?? `/proc/${runningPid(parts, joined)}/ns/net` };
}

/** @throws conflict in Docker's words when it does not run */
function runningPid(parts: ContainerParts, nameOrId: string): number {
  const entry = parts.table.get(nameOrId);
  if (entry.isRunning) return entry.state.pid;
  const message = `cannot join network of a non running container: ${entry.id}`;
  throw new NaruError('conflict', 'E_NOT_RUNNING', message);
}

function sharedMemory(parts: ContainerParts, record: ContainerRecord): { readonly shmSource?: string } {
  const joined = /^container:(.+)$/.exec(record.host.ipcMode ?? '')?.[1];
  return joined === undefined ? {} : { shmSource: `/proc/${runningPid(parts, joined)}/root/dev/shm` };
}

function userMounts(parts: ContainerParts, record: ContainerRecord): readonly UserMount[] {
  const own = [...record.mounts.map((mount) => toUserMount(record, mount)), ...tmpfsMounts(record)];
  const taken = new Set(own.map(({ destination }) => destination));
  const etc = etcDirectory(parts, record);
  const files = ETC_FILES.map((path) => bind(join(etc, basename(path)), path, true));
  const init = record.host.init === true ? [bind(initPath(parts.dirs), INIT_PATH, false)] : [];
  return [...own, ...[...files, ...init].filter(({ destination }) => !taken.has(destination))];
}

function bind(source: string, destination: string, isWritable: boolean): UserMount {
  return { type: 'bind', source, destination, isWritable, propagation: '', isRecursive: true, options: [] };
}

function toUserMount(record: ContainerRecord, mount: MountPoint): UserMount {
  return {
    type: mount.type === 'tmpfs' ? 'tmpfs' : 'bind',
    source: mount.type === 'tmpfs' ? '' : sourceOf(record, mount),
    destination: mount.destination,
    isWritable: mount.isWritable,
    propagation: mount.propagation,
    isRecursive: true,
    options: mount.options ?? [],
  };
}

function tmpfsMounts(record: ContainerRecord): readonly UserMount[] {
  return Object.entries(record.host.tmpfs ?? {}).map(([destination, options]) => ({
    type: 'tmpfs',
    source: '',
    destination: clean(destination),
    isWritable: true,
    propagation: '',
    isRecursive: false,
    options: options.split(',').filter((option) => option !== ''),
  }));
}
