/** What a container is to be, in our words, and the body of `POST /containers/create` made of it. Absent fields leave the image's or the engine's defaults. */

export interface PortRequest {
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  /** Absent: exposed, not published. '' lets the engine pick; `8000-8010` is a range. */
  readonly hostPort?: string;
  readonly hostIp?: string;
}

export interface MountRequest {
  readonly kind: 'bind' | 'volume' | 'tmpfs';
  /** Host path, volume name, or absent for tmpfs and anonymous volumes. */
  readonly source?: string;
  readonly target: string;
  readonly isReadonly?: boolean;
  /** `rprivate`, `rshared` …; of a bind. */
  readonly propagation?: string;
  /** The volume stays empty instead of taking what the image has there. */
  readonly isVolumeLeftEmpty?: boolean;
  readonly volumeLabels?: Readonly<Record<string, string>>;
  readonly volumeDriver?: string;
  readonly volumeOptions?: Readonly<Record<string, string>>;
  readonly volumeSubpath?: string;
  /** Of a tmpfs. */
  readonly sizeBytes?: number;
  /** Of a tmpfs: permission bits. */
  readonly mode?: number;
}

/** What a container may use; the part of a specification that can be changed later. */
export interface ResourceSpec {
  readonly memoryBytes?: number;
  /** Memory and swap together; -1: no limit. */
  readonly memorySwapBytes?: number;
  readonly memoryReservationBytes?: number;
  /** 1.5: one and a half. */
  readonly cpus?: number;
  readonly cpuShares?: number;
  readonly cpuPeriodUs?: number;
  readonly cpuQuotaUs?: number;
  /** `0-3,5`. */
  readonly cpusetCpus?: string;
  readonly cpusetMems?: string;
  readonly blkioWeight?: number;
  /** -1: none. */
  readonly pidsLimit?: number;
  readonly restart?: { readonly name: string; readonly maxRetries: number };
}

/** Absent fields are the image's. */
export interface HealthSpec {
  /** A line for the shell; '' for no check at all. */
  readonly command?: string;
  readonly intervalMs?: number;
  readonly timeoutMs?: number;
  readonly startPeriodMs?: number;
  readonly startIntervalMs?: number;
  readonly nRetries?: number;
}

/** A network to be on. */
export interface NetworkRequest {
  /** Name, or `host`, `none`, `container:ID`. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly ipv4?: string;
  readonly ipv6?: string;
}

export interface ContainerSpec extends ResourceSpec {
  readonly image: string;
  readonly name?: string;
  /** `linux/arm64`. */
  readonly platform?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** `NAME=value`. */
  readonly env?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDirectory?: string;
  readonly hostname?: string;
  readonly domainname?: string;
  readonly macAddress?: string;
  readonly health?: HealthSpec;
  readonly isTty?: boolean;
  /** Keeps stdin open and attached. */
  readonly hasStdin?: boolean;
  readonly ports?: readonly PortRequest[];
  readonly publishesAll?: boolean;
  readonly mounts?: readonly MountRequest[];
  /** `-v` as docker's client writes it; passed on as it is. */
  readonly binds?: readonly string[];
  /** The first gives the mode; absent: the engine's default. */
  readonly networks?: readonly NetworkRequest[];
  /** Containers whose volumes this one gets, too; `:ro` at the end. */
  readonly volumesFrom?: readonly string[];
  readonly volumeDriver?: string;
  readonly links?: readonly string[];
  readonly logDriver?: string;
  readonly logOptions?: Readonly<Record<string, string>>;
  readonly isRemovedOnExit?: boolean;
  readonly shmBytes?: number;
  readonly isPrivileged?: boolean;
  readonly addedCapabilities?: readonly string[];
  readonly droppedCapabilities?: readonly string[];
  readonly securityOptions?: readonly string[];
  readonly groups?: readonly string[];
  readonly devices?: readonly {
    readonly host: string;
    readonly container: string;
    readonly permissions: string;
  }[];
  readonly dns?: readonly string[];
  readonly dnsOptions?: readonly string[];
  readonly dnsSearch?: readonly string[];
  /** `name:address`. */
  readonly extraHosts?: readonly string[];
  readonly hasInit?: boolean;
  readonly isRootReadonly?: boolean;
  /** Options by path. */
  readonly tmpfs?: Readonly<Record<string, string>>;
  readonly ulimits?: readonly { readonly name: string; readonly soft: number; readonly hard: number }[];
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly stopSignal?: string;
  readonly stopTimeoutSeconds?: number;
  readonly pidMode?: string;
  readonly ipcMode?: string;
  readonly utsMode?: string;
  readonly usernsMode?: string;
  readonly cgroupnsMode?: string;
  readonly cgroupParent?: string;
  readonly oomScoreAdjustment?: number;
  readonly isOomKillDisabled?: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly runtime?: string;
}

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
