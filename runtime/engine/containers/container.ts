/**
 * What a container is to the engine: its definition, its state, and the record that survives a restart of the engine.
 * Names follow Docker's Engine API in camelCase; `runtime/api` turns these into wire JSON and back.
 */

import type { HealthcheckConfig } from '../../../core/oci/image-config.ts';
import type { Attachment, EndpointRequest, PortBinding } from '../../net/networking.ts';
import type { Limits } from '../../oci-runtime/resources.ts';

/** 64 lower-case hex characters. */
export type ContainerId = string & { readonly __brand: 'ContainerId' };

/** What Docker calls `Config`. In a request absent means "as the image says"; in a record the image's values are merged in. */
export interface ContainerConfig {
  /** As the client wrote it. */
  readonly image: string;
  readonly hostname?: string;
  readonly domainname?: string;
  readonly user?: string;
  readonly attachStdin?: boolean;
  readonly attachStdout?: boolean;
  readonly attachStderr?: boolean;
  readonly tty?: boolean;
  readonly openStdin?: boolean;
  readonly stdinOnce?: boolean;
  readonly env?: readonly string[];
  readonly cmd?: readonly string[];
  /** `['']` clears the image's entrypoint, as Docker's CLI sends for `--entrypoint ''`. */
  readonly entrypoint?: readonly string[];
  readonly workingDir?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Destinations of anonymous volumes. */
  readonly volumes?: readonly string[];
  /** `80/tcp`. */
  readonly exposedPorts?: readonly string[];
  readonly stopSignal?: string;
  readonly stopTimeoutSeconds?: number;
  readonly healthcheck?: HealthcheckConfig;
  readonly networkDisabled?: boolean;
  readonly macAddress?: string;
  readonly shell?: readonly string[];
  readonly onBuild?: readonly string[];
}

export type RestartPolicyName = 'no' | 'always' | 'on-failure' | 'unless-stopped';

export interface RestartPolicy {
  readonly name: RestartPolicyName;
  /** on-failure only; 0 means without limit. */
  readonly maximumRetryCount: number;
}

export interface DeviceMapping {
  readonly pathOnHost: string;
  readonly pathInContainer: string;
  /** Some of `rwm`. */
  readonly cgroupPermissions: string;
}

export interface Ulimit {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

export interface DeviceRate {
  readonly path: string;
  /** Bytes or operations per second. */
  readonly rate: number;
}

export interface WeightDevice {
  readonly path: string;
  readonly weight: number;
}

/** Limits; the part of the host options that `update` may change. */
export interface ResourceOptions extends Limits {
  readonly blkioWeightDevice?: readonly WeightDevice[];
  readonly blkioDeviceReadBps?: readonly DeviceRate[];
  readonly blkioDeviceWriteBps?: readonly DeviceRate[];
  readonly blkioDeviceReadIops?: readonly DeviceRate[];
  readonly blkioDeviceWriteIops?: readonly DeviceRate[];
}

/** One `--mount`, or a `-v` once it is parsed. */
export interface MountRequest {
  readonly type: 'bind' | 'volume' | 'tmpfs';
  /** Host path or volume name; '' or absent makes an anonymous volume. */
  readonly source?: string;
  readonly target: string;
  readonly readOnly?: boolean;
  readonly bind?: {
    readonly propagation?: string;
    readonly nonRecursive?: boolean;
    readonly createMountpoint?: boolean;
  };
  readonly volume?: {
    readonly noCopy?: boolean;
    readonly labels?: Readonly<Record<string, string>>;
    readonly driver?: string;
    readonly driverOptions?: Readonly<Record<string, string>>;
    readonly subpath?: string;
  };
  readonly tmpfs?: {
    readonly sizeBytes?: number;
    readonly mode?: number;
    readonly options?: readonly string[];
  };
}

/** What Docker calls `HostConfig`. */
export interface HostOptions extends ResourceOptions {
  /** `src:dst[:options]`, kept as written for inspect. */
  readonly binds?: readonly string[];
  readonly mounts?: readonly MountRequest[];
  /** Destination -> mount options. */
  readonly tmpfs?: Readonly<Record<string, string>>;
  /** `container[:ro|rw]`. */
  readonly volumesFrom?: readonly string[];
  /** `default`, `bridge`, `none`, `host`, `container:<name|id>` or a network's name; absent is `default`. */
  readonly networkMode?: string;
  readonly portBindings?: readonly PortBinding[];
  readonly publishAllPorts?: boolean;
  readonly restartPolicy?: RestartPolicy;
  readonly autoRemove?: boolean;
  readonly privileged?: boolean;
  readonly readonlyRootfs?: boolean;
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly securityOpt?: readonly string[];
  readonly dns?: readonly string[];
  readonly dnsSearch?: readonly string[];
  readonly dnsOptions?: readonly string[];
  readonly extraHosts?: readonly string[];
  readonly groupAdd?: readonly string[];
  readonly links?: readonly string[];
  readonly pidMode?: string;
  readonly ipcMode?: string;
  readonly utsMode?: string;
  readonly usernsMode?: string;
  readonly cgroupnsMode?: string;
  readonly cgroupParent?: string;
  readonly shmSizeBytes?: number;
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly ulimits?: readonly Ulimit[];
  readonly devices?: readonly DeviceMapping[];
  readonly deviceCgroupRules?: readonly string[];
  readonly oomScoreAdj?: number;
  readonly init?: boolean;
  readonly logDriver?: string;
  /** `max-size`, `max-file` … */
  readonly logOptions?: Readonly<Record<string, string>>;
  readonly maskedPaths?: readonly string[];
  readonly readonlyPaths?: readonly string[];
  readonly runtime?: string;
  readonly isolation?: string;
  readonly consoleHeight?: number;
  readonly consoleWidth?: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

export type ContainerStatus =
  | 'created'
  | 'running'
  | 'paused'
  | 'restarting'
  | 'removing'
  | 'exited'
  | 'dead';

export interface HealthResult {
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly exitCode: number;
  /** At most 4096 bytes of stdout and stderr. */
  readonly output: string;
}

export interface HealthState {
  readonly status: 'starting' | 'healthy' | 'unhealthy';
  readonly failingStreak: number;
  /** The last five, oldest first. */
  readonly log: readonly HealthResult[];
}

export interface ContainerState {
  readonly status: ContainerStatus;
  /** Of the main process on the host; 0 when there is none. */
  readonly pid: number;
  readonly exitCode: number;
  /** '' or why the last start failed. */
  readonly error: string;
  readonly oomKilled: boolean;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
  readonly health?: HealthState;
}

/** A mount as it was resolved at create; what `inspect` lists as `Mounts`. */
export interface MountPoint {
  readonly type: 'bind' | 'volume' | 'tmpfs';
  /** Volumes only. */
  readonly name?: string;
  readonly driver?: string;
  /** Directory on the host; '' for tmpfs. */
  readonly source: string;
  readonly destination: string;
  readonly mode: string;
  readonly isWritable: boolean;
  readonly propagation: string;
  /** The engine made the volume for this container alone. */
  readonly isAnonymous: boolean;
  /** tmpfs only. */
  readonly options?: readonly string[];
  readonly subpath?: string;
}

/** Everything of a container that survives the engine. */
export interface ContainerRecord {
  readonly id: ContainerId;
  /** Without a leading slash. */
  readonly name: string;
  readonly createdAt: Date;
  /** Id (digest) of the image. */
  readonly imageId: string;
  readonly platform: string;
  readonly config: ContainerConfig;
  readonly host: HostOptions;
  readonly mounts: readonly MountPoint[];
  /** Networks it is to be on, by name; changed by connect and disconnect. */
  readonly networks: readonly EndpointRequest[];
  readonly state: ContainerState;
  readonly restartCount: number;
  /** A user stopped it: `unless-stopped` leaves it alone after a restart of the engine. */
  readonly isStoppedByUser: boolean;
  /** Present while the container runs. */
  readonly attachment?: Attachment;
}
