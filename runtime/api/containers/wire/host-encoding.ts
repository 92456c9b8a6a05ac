/** The engine's `HostOptions` -> Docker's `HostConfig` on the wire, as `inspect` shows it. */

import type { PortBindingBody } from '../../../../core/engine-api/container-config.ts';
import type { DeviceRate, HostOptions, MountRequest } from '../../../engine/containers/container.ts';
import type { PortBinding } from '../../../net/networking.ts';

/** Every field of API 1.47, with dockerd's defaults for what was not given. */
export function hostToWire(host: HostOptions): Readonly<Record<string, unknown>> {
  return {
    Binds: host.binds ?? null,
    ContainerIDFile: '',
    LogConfig: { Type: host.logDriver ?? 'json-file', Config: host.logOptions ?? {} },
    NetworkMode: host.networkMode ?? 'default',
    PortBindings: portsToWire(host.portBindings ?? []),
    RestartPolicy: {
      Name: host.restartPolicy?.name ?? 'no',
      MaximumRetryCount: host.restartPolicy?.maximumRetryCount ?? 0,
    },
    AutoRemove: host.autoRemove ?? false,
    VolumeDriver: '',
    VolumesFrom: host.volumesFrom ?? null,
    ...(host.mounts === undefined ? {} : { Mounts: host.mounts.map(mountToWire) }),
    ...(host.tmpfs === undefined ? {} : { Tmpfs: host.tmpfs }),
    ConsoleSize: [host.consoleHeight ?? 0, host.consoleWidth ?? 0],
    ...(host.annotations === undefined ? {} : { Annotations: host.annotations }),
    CapAdd: host.capAdd ?? null,
    CapDrop: host.capDrop ?? null,
    CgroupnsMode: host.cgroupnsMode ?? 'private',
    Dns: host.dns ?? [],
    DnsOptions: host.dnsOptions ?? [],
    DnsSearch: host.dnsSearch ?? [],
    ExtraHosts: host.extraHosts ?? null,
    GroupAdd: host.groupAdd ?? null,
    IpcMode: host.ipcMode ?? 'private',
    Cgroup: '',
    Links: host.links ?? null,
    OomScoreAdj: host.oomScoreAdj ?? 0,
    PidMode: host.pidMode ?? '',
    Privileged: host.privileged ?? false,
    PublishAllPorts: host.publishAllPorts ?? false,
    ReadonlyRootfs: host.readonlyRootfs ?? false,
    SecurityOpt: host.securityOpt ?? null,
    UTSMode: host.utsMode ?? '',
    UsernsMode: host.usernsMode ?? '',
    ShmSize: host.shmSizeBytes ?? 64 * 1024 * 1024,
    ...(host.sysctls === undefined ? {} : { Sysctls: host.sysctls }),
    Runtime: host.runtime ?? 'crun',
    Isolation: host.isolation ?? '',
    ...resourcesToWire(host),
    ...(host.init === undefined ? {} : { Init: host.init }),
    MaskedPaths: host.maskedPaths ?? null,
    ReadonlyPaths: host.readonlyPaths ?? null,
  };
}

function resourcesToWire(host: HostOptions): Readonly<Record<string, unknown>> {
  return {
    CpuShares: host.cpuShares ?? 0,
    Memory: host.memoryBytes ?? 0,
    NanoCpus: host.nanoCpus ?? 0,
    CgroupParent: host.cgroupParent ?? '',
    BlkioWeight: host.blkioWeight ?? 0,
    BlkioWeightDevice: (host.blkioWeightDevice ?? []).map(({ path, weight }) => ({
      Path: path,
      Weight: weight,
    })),
    BlkioDeviceReadBps: rates(host.blkioDeviceReadBps),
    BlkioDeviceWriteBps: rates(host.blkioDeviceWriteBps),
    BlkioDeviceReadIOps: rates(host.blkioDeviceReadIops),
    BlkioDeviceWriteIOps: rates(host.blkioDeviceWriteIops),
    CpuPeriod: host.cpuPeriodUs ?? 0,
    CpuQuota: host.cpuQuotaUs ?? 0,
    CpuRealtimePeriod: host.cpuRealtimePeriodUs ?? 0,
    CpuRealtimeRuntime: host.cpuRealtimeRuntimeUs ?? 0,
    CpusetCpus: host.cpusetCpus ?? '',
    CpusetMems: host.cpusetMems ?? '',
    Devices: (host.devices ?? []).map((device) => ({
      PathOnHost: device.pathOnHost,
      PathInContainer: device.pathInContainer,
      CgroupPermissions: device.cgroupPermissions,
    })),
    DeviceCgroupRules: host.deviceCgroupRules ?? null,
    DeviceRequests: null,
    MemoryReservation: host.memoryReservationBytes ?? 0,
    MemorySwap: host.memorySwapBytes ?? 0,
    MemorySwappiness: host.memorySwappiness ?? null,
    OomKillDisable: host.oomKillDisable ?? null,
    PidsLimit: host.pidsLimit ?? null,
    Ulimits: (host.ulimits ?? []).map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    CpuCount: 0,
    CpuPercent: 0,
    IOMaximumIOps: 0,
    IOMaximumBandwidth: 0,
  };
}

/** `80/tcp` -> its bindings, in the order given. */
function portsToWire(ports: readonly PortBinding[]): Readonly<Record<string, readonly PortBindingBody[]>> {
  const byPort: Record<string, PortBindingBody[]> = {};
  for (const binding of ports) {
    const list = (byPort[`${binding.containerPort}/${binding.protocol}`] ??= []);
    list.push({ HostIp: binding.hostIp, HostPort: hostPortText(binding) });
  }
  return byPort;
}

function hostPortText({ hostPort, lastHostPort }: PortBinding): string {
  if (lastHostPort !== undefined) return `${hostPort}-${lastHostPort}`;
  return hostPort === 0 ? '' : String(hostPort);
}

function rates(list: readonly DeviceRate[] | undefined): readonly object[] {
  return (list ?? []).map(({ path, rate }) => ({ Path: path, Rate: rate }));
}

function mountToWire(mount: MountRequest): Readonly<Record<string, unknown>> {
  const { bind, volume, tmpfs } = mount;
  return {
    Type: mount.type,
    ...(mount.source === undefined ? {} : { Source: mount.source }),
    Target: mount.target,
    ...(mount.readOnly === true ? { ReadOnly: true } : {}),
    ...(bind === undefined
      ? {}
      : { BindOptions: bind.propagation === undefined ? {} : { Propagation: bind.propagation } }),
    ...(volume === undefined
      ? {}
      : {
          VolumeOptions: {
            ...(volume.noCopy === true ? { NoCopy: true } : {}),
            Labels: volume.labels ?? {},
            ...(volume.driver === undefined
              ? {}
              : { DriverConfig: { Name: volume.driver, Options: volume.driverOptions ?? {} } }),
            ...(volume.subpath === undefined ? {} : { Subpath: volume.subpath }),
          },
        }),
    ...(tmpfs === undefined
      ? {}
      : {
          TmpfsOptions: {
            ...(tmpfs.sizeBytes === undefined ? {} : { SizeBytes: tmpfs.sizeBytes }),
            ...(tmpfs.mode === undefined ? {} : { Mode: tmpfs.mode }),
          },
        }),
  };
}
