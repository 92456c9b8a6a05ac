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
}

export interface ContainerSpec {
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
  readonly isTty?: boolean;
  /** Keeps stdin open and attached. */
  readonly hasStdin?: boolean;
  readonly ports?: readonly PortRequest[];
  readonly publishesAll?: boolean;
  readonly mounts?: readonly MountRequest[];
  /** `-v` as docker's client writes it; passed on as it is. */
  readonly binds?: readonly string[];
  /** Name, or `host`, `none`, `container:ID`. */
  readonly network?: string;
  readonly networkAliases?: readonly string[];
  readonly isRemovedOnExit?: boolean;
  readonly restart?: { readonly name: string; readonly maxRetries: number };
  readonly memoryBytes?: number;
  readonly cpus?: number;
  readonly pidsLimit?: number;
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

function hostConfig(spec: ContainerSpec): Readonly<Record<string, unknown>> {
  return defined({
    Binds: spec.binds,
    Mounts: spec.mounts?.map(mountBody),
    NetworkMode: spec.network,
    PortBindings: portBindings(spec.ports ?? []),
    PublishAllPorts: spec.publishesAll,
    AutoRemove: spec.isRemovedOnExit,
    RestartPolicy: spec.restart && { Name: spec.restart.name, MaximumRetryCount: spec.restart.maxRetries },
    Memory: spec.memoryBytes,
    NanoCpus: spec.cpus === undefined ? undefined : Math.round(spec.cpus * 1e9),
    PidsLimit: spec.pidsLimit,
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
    ExtraHosts: spec.extraHosts,
    Init: spec.hasInit,
    ReadonlyRootfs: spec.isRootReadonly,
    Tmpfs: spec.tmpfs,
    Ulimits: spec.ulimits?.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    Sysctls: spec.sysctls,
    PidMode: spec.pidMode,
    IpcMode: spec.ipcMode,
  });
}

function mountBody(mount: MountRequest): Readonly<Record<string, unknown>> {
  return defined({
    Type: mount.kind,
    Source: mount.source,
    Target: mount.target,
    ReadOnly: mount.isReadonly,
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

function networkingConfig(spec: ContainerSpec): Readonly<Record<string, unknown>> | undefined {
  if (spec.network === undefined || spec.networkAliases === undefined) return undefined;
  return { EndpointsConfig: { [spec.network]: { Aliases: spec.networkAliases } } };
}

function portKey(port: PortRequest): string {
  return `${port.containerPort}/${port.protocol}`;
}

function defined(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
