/** The bodies of `POST /containers/create` and `/containers/{id}/update`, made of what a container is to be. */

import type {
  ContainerSpec,
  DeviceRate,
  HealthSpec,
  MountRequest,
  PortRequest,
  ResourceSpec,
} from './container-spec.ts';

/** Only what the spec says, so that any engine's defaults hold for the rest. */
export function createBody(spec: ContainerSpec): Readonly<Record<string, unknown>> {
  const interactive = spec.hasStdin === true;
  return defined({
    Image: spec.image,
    Cmd: spec.command,
    Entrypoint: spec.entrypoint,
    Env: spec.env,
    Labels: spec.labels,
    User: spec.user,
    WorkingDir: spec.workingDirectory,
    Hostname: spec.hostname,
    Domainname: spec.domainname,
    MacAddress: spec.macAddress,
    Healthcheck: spec.health && healthBody(spec.health),
    Tty: spec.isTty,
    OpenStdin: interactive,
    StdinOnce: interactive,
    AttachStdin: interactive,
    AttachStdout: true,
    AttachStderr: true,
    ExposedPorts: exposedPorts(spec.ports ?? []),
    StopSignal: spec.stopSignal,
    StopTimeout: spec.stopTimeoutSeconds,
    HostConfig: hostConfig(spec),
    NetworkingConfig: networkingConfig(spec),
  });
}

/** Body of `POST /containers/{id}/update`, and part of `HostConfig`. */
export function resourceBody(spec: ResourceSpec): Readonly<Record<string, unknown>> {
  return defined({
    RestartPolicy: spec.restart && { Name: spec.restart.name, MaximumRetryCount: spec.restart.maxRetries },
    Memory: spec.memoryBytes,
    MemorySwap: spec.memorySwapBytes,
    MemoryReservation: spec.memoryReservationBytes,
    NanoCpus: spec.cpus === undefined ? undefined : Math.round(spec.cpus * 1e9),
    CpuShares: spec.cpuShares,
    CpuPeriod: spec.cpuPeriodUs,
    CpuQuota: spec.cpuQuotaUs,
    CpusetCpus: spec.cpusetCpus,
    CpusetMems: spec.cpusetMems,
    BlkioWeight: spec.blkioWeight,
    PidsLimit: spec.pidsLimit,
  });
}

function hostConfig(spec: ContainerSpec): Readonly<Record<string, unknown>> {
  return defined({
    ...resourceBody(spec),
    Binds: spec.binds,
    Mounts: spec.mounts?.map(mountBody),
    NetworkMode: spec.networks?.[0]?.name,
    PortBindings: portBindings(spec.ports ?? []),
    PublishAllPorts: spec.publishesAll,
    AutoRemove: spec.isRemovedOnExit,
    ShmSize: spec.shmBytes,
    Privileged: spec.isPrivileged,
    CapAdd: spec.addedCapabilities,
    CapDrop: spec.droppedCapabilities,
    SecurityOpt: spec.securityOptions,
    GroupAdd: spec.groups,
    Devices: spec.devices?.map(({ host, container, permissions }) => ({
      PathOnHost: host,
      PathInContainer: container,
      CgroupPermissions: permissions,
    })),
    DeviceCgroupRules: spec.deviceRules,
    BlkioWeightDevice: spec.blkioDeviceWeights?.map(({ path, weight }) => ({ Path: path, Weight: weight })),
    BlkioDeviceReadBps: spec.deviceReadBps?.map(rateBody),
    BlkioDeviceWriteBps: spec.deviceWriteBps?.map(rateBody),
    BlkioDeviceReadIOps: spec.deviceReadIops?.map(rateBody),
    BlkioDeviceWriteIOps: spec.deviceWriteIops?.map(rateBody),
    MemorySwappiness: spec.memorySwappiness,
    Dns: spec.dns,
    DnsOptions: spec.dnsOptions,
    DnsSearch: spec.dnsSearch,
    ExtraHosts: spec.extraHosts,
    Init: spec.hasInit,
    ReadonlyRootfs: spec.isRootReadonly,
    Tmpfs: spec.tmpfs,
    Ulimits: spec.ulimits?.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    Sysctls: spec.sysctls,
    PidMode: spec.pidMode,
    IpcMode: spec.ipcMode,
    UTSMode: spec.utsMode,
    UsernsMode: spec.usernsMode,
    CgroupnsMode: spec.cgroupnsMode,
    CgroupParent: spec.cgroupParent,
    OomScoreAdj: spec.oomScoreAdjustment,
    OomKillDisable: spec.isOomKillDisabled,
    Annotations: spec.annotations,
    Runtime: spec.runtime,
    VolumesFrom: spec.volumesFrom,
    VolumeDriver: spec.volumeDriver,
    Links: spec.links,
    LogConfig:
      spec.logDriver === undefined && spec.logOptions === undefined
        ? undefined
        : { Type: spec.logDriver ?? '', Config: spec.logOptions ?? {} },
  });
}

function rateBody({ path, rate }: DeviceRate): Readonly<Record<string, unknown>> {
  return { Path: path, Rate: rate };
}

function mountBody(mount: MountRequest): Readonly<Record<string, unknown>> {
  return defined({
    Type: mount.kind,
    Source: mount.source,
    Target: mount.target,
    ReadOnly: mount.isReadonly,
    BindOptions: filled({ Propagation: mount.propagation }),
    VolumeOptions: filled({
      NoCopy: mount.isVolumeLeftEmpty,
      Labels: mount.volumeLabels,
      Subpath: mount.volumeSubpath,
      DriverConfig: filled({ Name: mount.volumeDriver, Options: mount.volumeOptions }),
    }),
    TmpfsOptions: filled({ SizeBytes: mount.sizeBytes, Mode: mount.mode }),
  });
}

/** Nanoseconds on the wire. */
function healthBody(health: HealthSpec): Readonly<Record<string, unknown>> {
  const nanoseconds = (ms: number | undefined): number | undefined =>
    ms === undefined ? undefined : Math.round(ms * 1e6);
  return defined({
    Test:
      health.command === undefined
        ? undefined
        : health.command === ''
          ? ['NONE']
          : ['CMD-SHELL', health.command],
    Interval: nanoseconds(health.intervalMs),
    Timeout: nanoseconds(health.timeoutMs),
    StartPeriod: nanoseconds(health.startPeriodMs),
    StartInterval: nanoseconds(health.startIntervalMs),
    Retries: health.nRetries,
  });
}

function exposedPorts(ports: readonly PortRequest[]): Readonly<Record<string, object>> | undefined {
  if (ports.length === 0) return undefined;
  return Object.fromEntries(ports.map((port) => [portKey(port), {}]));
}

/** Several bindings of one container port stand in one list. */
function portBindings(ports: readonly PortRequest[]): Readonly<Record<string, object[]>> | undefined {
  const bindings: Record<string, object[]> = {};
  for (const port of ports) {
    if (port.hostPort === undefined) continue;
    (bindings[portKey(port)] ??= []).push({ HostIp: port.hostIp ?? '', HostPort: port.hostPort });
  }
  return Object.keys(bindings).length === 0 ? undefined : bindings;
}

/** Undefined for one network of which nothing is said: the mode names it. */
function networkingConfig({ networks = [] }: ContainerSpec): Readonly<Record<string, unknown>> | undefined {
  const endpoints = networks.map(({ aliases, ipv4, ipv6, name }) => {
    const ipam = filled({ IPv4Address: ipv4, IPv6Address: ipv6 });
    const endpoint = filled({ Aliases: aliases.length === 0 ? undefined : aliases, IPAMConfig: ipam });
    return [name, endpoint ?? {}] as const;
  });
  const isSaid = endpoints.length > 1 || endpoints.some(([, said]) => Object.keys(said).length > 0);
  return isSaid ? { EndpointsConfig: Object.fromEntries(endpoints) } : undefined;
}

function portKey(port: PortRequest): string {
  return `${port.containerPort}/${port.protocol}`;
}

function defined(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** As `defined`, but nothing at all when no field is said. */
function filled(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const said = defined(fields);
  return Object.keys(said).length === 0 ? undefined : said;
}
