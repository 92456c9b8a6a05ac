/** Docker's `HostConfig` on the wire -> the engine's `HostOptions`. What cannot be done is refused, never ignored. */

import type { MountBody } from '../../../../core/engine-api/container-config.ts';
import type {
  HostConfigBody,
  ResourcesBody,
  RestartPolicyBody,
  ThrottleBody,
} from '../../../../core/engine-api/host-config.ts';
import { NaruError } from '../../../../core/errors.ts';
import type {
  DeviceRate,
  HostOptions,
  MountRequest,
  ResourceOptions,
  RestartPolicy,
} from '../../../engine/containers/container.ts';
import { unimplemented } from '../../parts.ts';
import { given, present } from '../../present.ts';
import { checkExtraHosts } from './extra-host.ts';
import { portsFromWire } from './port-decoding.ts';

/** Empty is the engine's own. */
const LOG_DRIVERS: ReadonlySet<string> = new Set(['', 'json-file', 'local', 'none']);

/** @throws invalid-argument for values out of range, unimplemented for GPUs, other volume drivers and storage options */
export function hostFromWire(body: HostConfigBody): HostOptions {
  if (body.DeviceRequests.length > 0) throw unimplemented('a device request (--gpus)');
  if (Object.keys(body.StorageOpt).length > 0) throw unimplemented('a storage option (--storage-opt)');
  checkExtraHosts(body.ExtraHosts);
  const [consoleHeight, consoleWidth] = body.ConsoleSize;
  const restartPolicy = restartPolicyFromWire(body.RestartPolicy);
  if (body.AutoRemove && restartPolicy !== undefined && restartPolicy.name !== 'no') {
    const text = `can't create 'AutoRemove' container with restart policy`;
    throw new NaruError('invalid-argument', 'E_RESTART_POLICY', text);
  }
  return present<HostOptions>({
    ...resourceFields(body),
    binds: given(body.Binds),
    mounts: given(body.Mounts.map(mountFromWire)),
    tmpfs: given(body.Tmpfs),
    volumesFrom: given(body.VolumesFrom),
    networkMode: given(body.NetworkMode),
    portBindings: given(portsFromWire(body.PortBindings)),
    publishAllPorts: given(body.PublishAllPorts),
    restartPolicy,
    autoRemove: given(body.AutoRemove),
    privileged: given(body.Privileged),
    readonlyRootfs: given(body.ReadonlyRootfs),
    capAdd: given(body.CapAdd),
    capDrop: given(body.CapDrop),
    securityOpt: given(body.SecurityOpt),
    dns: given(body.Dns),
    dnsSearch: given(body.DnsSearch),
    dnsOptions: given(body.DnsOptions),
    extraHosts: given(body.ExtraHosts),
    groupAdd: given(body.GroupAdd),
    links: given(body.Links),
    pidMode: given(body.PidMode),
    ipcMode: given(body.IpcMode),
    utsMode: given(body.UTSMode),
    usernsMode: given(body.UsernsMode),
    cgroupnsMode: given(body.CgroupnsMode),
    cgroupParent: given(body.CgroupParent),
    shmSizeBytes: given(body.ShmSize),
    sysctls: given(body.Sysctls),
    ulimits: given(body.Ulimits.map(({ Name, Soft, Hard }) => ({ name: Name, soft: Soft, hard: Hard }))),
    devices: given(
      body.Devices.map((device) => ({
        pathOnHost: device.PathOnHost,
        pathInContainer: device.PathInContainer === '' ? device.PathOnHost : device.PathInContainer,
        cgroupPermissions: device.CgroupPermissions === '' ? 'rwm' : device.CgroupPermissions,
      })),
    ),
    deviceCgroupRules: given(body.DeviceCgroupRules),
    oomScoreAdj: given(body.OomScoreAdj),
    init: body.Init,
    logDriver: given(logDriverFromWire(body.LogConfig.Type)),
    logOptions: given(body.LogConfig.Config),
    maskedPaths: body.MaskedPaths,
    readonlyPaths: body.ReadonlyPaths,
    runtime: given(body.Runtime),
    isolation: given(body.Isolation),
    consoleHeight: given(consoleHeight),
    consoleWidth: given(consoleWidth),
    annotations: given(body.Annotations),
  });
}

/** The limits alone, for update. */
export function resourcesFromWire(body: ResourcesBody): ResourceOptions {
  return present<ResourceOptions>(resourceFields(body));
}

function resourceFields(body: ResourcesBody) {
  return {
    memoryBytes: given(body.Memory),
    memorySwapBytes: given(body.MemorySwap),
    memoryReservationBytes: given(body.MemoryReservation),
    memorySwappiness: body.MemorySwappiness === -1 ? undefined : body.MemorySwappiness,
    oomKillDisable: body.OomKillDisable,
    nanoCpus: given(body.NanoCpus),
    cpuShares: given(body.CpuShares),
    cpuPeriodUs: given(body.CpuPeriod),
    cpuQuotaUs: given(body.CpuQuota),
    cpuRealtimePeriodUs: given(body.CpuRealtimePeriod),
    cpuRealtimeRuntimeUs: given(body.CpuRealtimeRuntime),
    cpusetCpus: given(body.CpusetCpus),
    cpusetMems: given(body.CpusetMems),
    pidsLimit: given(body.PidsLimit),
    blkioWeight: given(body.BlkioWeight),
    blkioWeightDevice: given(
      body.BlkioWeightDevice.map(({ Path, Weight }) => ({ path: Path, weight: Weight })),
    ),
    blkioDeviceReadBps: rates(body.BlkioDeviceReadBps),
    blkioDeviceWriteBps: rates(body.BlkioDeviceWriteBps),
    blkioDeviceReadIops: rates(body.BlkioDeviceReadIOps),
    blkioDeviceWriteIops: rates(body.BlkioDeviceWriteIOps),
  };
}

function rates(list: readonly ThrottleBody[]): readonly DeviceRate[] | undefined {
  return given(list.map(({ Path, Rate }) => ({ path: Path, rate: Rate })));
}

/** Undefined when none is named. @throws invalid-argument in Docker's words */
export function restartPolicyFromWire(body: RestartPolicyBody): RestartPolicy | undefined {
  const maximumRetryCount = body.MaximumRetryCount;
  switch (body.Name) {
    case '':
      return undefined;
    case 'no':
    case 'always':
    case 'unless-stopped':
      if (maximumRetryCount !== 0) {
        const text = `invalid restart policy: maximum retry count can only be used with 'on-failure'`;
        throw new NaruError('invalid-argument', 'E_RESTART_POLICY', text);
      }
      return { name: body.Name, maximumRetryCount };
    case 'on-failure':
      if (maximumRetryCount < 0) {
        const text = `invalid restart policy: maximum retry count cannot be negative`;
        throw new NaruError('invalid-argument', 'E_RESTART_POLICY', text);
      }
      return { name: body.Name, maximumRetryCount };
    default: {
      const text = `invalid restart policy: unknown policy '${body.Name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'`;
      throw new NaruError('invalid-argument', 'E_RESTART_POLICY', text);
    }
  }
}

/** What only docker's CLI tells apart is taken as one: `local` keeps the same lines as `json-file`. @throws invalid-argument */
function logDriverFromWire(name: string): string {
  if (LOG_DRIVERS.has(name)) return name;
  const text = `log driver ${JSON.stringify(name)} is not supported: use one of 'json-file', 'local' or 'none'`;
  throw new NaruError('invalid-argument', 'E_LOG_DRIVER', text);
}

function mountFromWire(body: MountBody): MountRequest {
  if (body.Type !== 'bind' && body.Type !== 'volume' && body.Type !== 'tmpfs') {
    throw new NaruError(
      'invalid-argument',
      'E_MOUNT_TYPE',
      `mount type unknown: ${JSON.stringify(body.Type)}`,
    );
  }
  const { BindOptions: bind, VolumeOptions: volume, TmpfsOptions: tmpfs } = body;
  return present<MountRequest>({
    type: body.Type,
    source: given(body.Source),
    target: body.Target,
    readOnly: given(body.ReadOnly),
    bind: bind && {
      ...(bind.Propagation === '' ? {} : { propagation: bind.Propagation }),
      nonRecursive: bind.NonRecursive,
      createMountpoint: bind.CreateMountpoint,
    },
    volume: volume && {
      noCopy: volume.NoCopy,
      labels: volume.Labels,
      ...(volume.DriverConfig.Name === '' ? {} : { driver: volume.DriverConfig.Name }),
      driverOptions: volume.DriverConfig.Options,
      ...(volume.Subpath === '' ? {} : { subpath: volume.Subpath }),
    },
    tmpfs: tmpfs && {
      ...(tmpfs.SizeBytes === 0 ? {} : { sizeBytes: tmpfs.SizeBytes }),
      ...(tmpfs.Mode === 0 ? {} : { mode: tmpfs.Mode }),
    },
  });
}
