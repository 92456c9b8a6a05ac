/** What a container is to be, in our words. Absent fields leave the image's or the engine's defaults. */

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

export interface DeviceRequest {
  readonly host: string;
  readonly container: string;
  /** Some of `rwm`. */
  readonly permissions: string;
}

export interface DeviceRate {
  readonly path: string;
  /** Bytes or operations a second. */
  readonly rate: number;
}

export interface DeviceWeight {
  readonly path: string;
  /** 10 to 1000. */
  readonly weight: number;
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
  readonly devices?: readonly DeviceRequest[];
  /** `c 1:3 rwm`. */
  readonly deviceRules?: readonly string[];
  readonly blkioDeviceWeights?: readonly DeviceWeight[];
  readonly deviceReadBps?: readonly DeviceRate[];
  readonly deviceWriteBps?: readonly DeviceRate[];
  readonly deviceReadIops?: readonly DeviceRate[];
  readonly deviceWriteIops?: readonly DeviceRate[];
  /** 0 to 100. */
  readonly memorySwappiness?: number;
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
