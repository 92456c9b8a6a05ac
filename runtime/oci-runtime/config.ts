/**
 * One container's config.json from its resolved definition. Pure: names are already ids, paths already exist, devices are already numbers.
 * What Docker gives a container by default is stated here; measured against dockerd 28.5.2.
 */

import { chooseCapabilities } from './capabilities.ts';
import { makeDeviceRules, type AllowedDevice } from './device-rules.ts';
import { processEnvironment } from './environment.ts';
import { makeMounts, type MountPlan } from './mounts.ts';
import { makeResources, type DeviceLimits, type Limits } from './resources.ts';
import { makeRlimits } from './rlimits.ts';
import type { OciCapabilities, OciConfig, OciNamespace, OciProcess } from './runtime-spec.ts';
import { DEFAULT_PROFILE, makeSeccomp, type Profile } from './seccomp.ts';
import type { ResolvedUser } from './users.ts';

/** What the machine and the engine's own process allow. */
export interface HostFacts {
  /** CapBnd of the engine. */
  readonly boundingMask: bigint;
  /** The engine's hard limits by OCI type; absent means unlimited. */
  readonly hardLimits: ReadonlyMap<string, number>;
  readonly arch: string;
  readonly kernelRelease: string;
  readonly hasSwapLimit: boolean;
}

/** How much a process may do; shared by the container's own and by exec. */
export interface SecurityPlan {
  readonly privileged: boolean;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly noNewPrivileges: boolean;
  /** 'unconfined', 'default', or one the user brought. */
  readonly seccomp: 'unconfined' | 'default' | Profile;
}

export interface ProcessPlan {
  readonly args: readonly string[];
  /** Of image and user, merged. */
  readonly env: readonly string[];
  readonly cwd: string;
  readonly user: ResolvedUser;
  readonly tty: boolean;
  readonly hostname: string;
  readonly ulimits: readonly { readonly name: string; readonly soft: number; readonly hard: number }[];
  readonly oomScoreAdj: number;
  readonly consoleSize?: { readonly height: number; readonly width: number };
}

/** 'private' makes one, 'host' uses the machine's, a path joins that one. */
export type NamespacePlan = 'private' | 'host' | { readonly path: string };

export interface ContainerPlan {
  readonly process: ProcessPlan;
  readonly security: SecurityPlan;
  readonly rootfs: string;
  readonly readonlyRootfs: boolean;
  readonly domainname: string;
  readonly namespaces: Readonly<Record<'pid' | 'network' | 'ipc' | 'uts' | 'cgroup', NamespacePlan>>;
  readonly mounts: MountPlan;
  readonly devices: readonly AllowedDevice[];
  readonly deviceCgroupRules: readonly string[];
  readonly limits: Limits;
  readonly deviceLimits: DeviceLimits;
  readonly sysctls: Readonly<Record<string, string>>;
  readonly cgroupsPath: string;
  /** Absent: Docker's lists. */
  readonly maskedPaths?: readonly string[];
  readonly readonlyPaths?: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
}

const MASKED_PATHS: readonly string[] = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
];

const READONLY_PATHS: readonly string[] = [
  '/proc/bus',
  '/proc/fs',
  '/proc/irq',
  '/proc/sys',
  '/proc/sysrq-trigger',
];

/** Where `--init` finds its tini inside the container; Docker's place. */
export const INIT_PATH = '/sbin/docker-init';

/** @throws NaruError "invalid-argument" for unknown capabilities, ulimits or device rules */
export function makeConfig(plan: ContainerPlan, facts: HostFacts): OciConfig {
  const privileged = plan.security.privileged;
  const seccomp = seccompOf(plan.security, facts);
  return {
    ociVersion: '1.0.2',
    process: makeProcess(plan.process, plan.security, facts),
    root: { path: plan.rootfs, readonly: plan.readonlyRootfs },
    ...(plan.namespaces.uts === 'host' ? {} : { hostname: plan.process.hostname }),
    ...(plan.domainname === '' ? {} : { domainname: plan.domainname }),
    mounts: makeMounts(plan.mounts, { privileged, hasOwnIpc: plan.namespaces.ipc === 'private' }),
    ...(Object.keys(plan.annotations).length === 0 ? {} : { annotations: plan.annotations }),
    linux: {
      namespaces: makeNamespaces(plan.namespaces),
      devices: plan.devices.map(({ access: _access, ...device }) => device),
      resources: makeResources(
        plan.limits,
        makeDeviceRules(plan.devices, plan.deviceCgroupRules, privileged),
        plan.deviceLimits,
        facts.hasSwapLimit,
      ),
      cgroupsPath: plan.cgroupsPath,
      ...(seccomp === undefined ? {} : { seccomp }),
      ...(Object.keys(plan.sysctls).length === 0 ? {} : { sysctl: plan.sysctls }),
      maskedPaths: plan.maskedPaths ?? (privileged ? [] : MASKED_PATHS),
      readonlyPaths: plan.readonlyPaths ?? (privileged ? [] : READONLY_PATHS),
    },
  };
}

/** The process alone, as `crun exec --process` reads it. */
export function makeProcess(plan: ProcessPlan, security: SecurityPlan, facts: HostFacts): OciProcess {
  return {
    terminal: plan.tty,
    ...(plan.consoleSize === undefined ? {} : { consoleSize: plan.consoleSize }),
    user: { uid: plan.user.uid, gid: plan.user.gid, additionalGids: plan.user.additionalGids },
    args: plan.args,
    env: processEnvironment({
      config: plan.env,
      hostname: plan.hostname,
      tty: plan.tty,
      home: plan.user.home,
    }),
    cwd: plan.cwd === '' ? '/' : plan.cwd,
    capabilities: capabilitySets(security, plan.user.uid, facts),
    rlimits: makeRlimits(plan.ulimits, facts.hardLimits),
    noNewPrivileges: security.noNewPrivileges,
    ...(plan.oomScoreAdj === 0 ? {} : { oomScoreAdj: plan.oomScoreAdj }),
  };
}

function capabilitySets(security: SecurityPlan, uid: number, facts: HostFacts): OciCapabilities {
  const names = allowedCapabilities(security, facts);
  // Docker: a user other than root starts with none, and may gain those of the bounding set by setuid programs.
  return uid === 0
    ? { bounding: names, effective: names, permitted: names }
    : { bounding: names, effective: [], permitted: [] };
}

function allowedCapabilities(security: SecurityPlan, facts: HostFacts): readonly string[] {
  return chooseCapabilities({
    privileged: security.privileged,
    add: security.capAdd,
    drop: security.capDrop,
    boundingMask: facts.boundingMask,
  });
}

function seccompOf(security: SecurityPlan, facts: HostFacts): OciConfig['linux']['seccomp'] {
  if (security.privileged || security.seccomp === 'unconfined') return undefined;
  return makeSeccomp(security.seccomp === 'default' ? DEFAULT_PROFILE : security.seccomp, {
    capabilities: allowedCapabilities(security, facts),
    arch: facts.arch,
    kernelRelease: facts.kernelRelease,
  });
}

function makeNamespaces(plans: ContainerPlan['namespaces']): readonly OciNamespace[] {
  const types = ['pid', 'network', 'ipc', 'uts', 'cgroup'] as const;
  const chosen = types.flatMap((type): readonly OciNamespace[] => {
    const plan = plans[type];
    if (plan === 'host') return [];
    return plan === 'private' ? [{ type }] : [{ type, path: plan.path }];
  });
  return [{ type: 'mount' }, ...chosen];
}
