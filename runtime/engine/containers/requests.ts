/** What the operations on containers take and answer; plain data, no wire names. */

import type { Duplex, Readable } from 'node:stream';

import type { ImageConfig } from '../../../core/oci/image-config.ts';
import type { EndpointRequest } from '../../net/networking.ts';
import type { CgroupUsage } from '../../oci-runtime/cgroup-stats.ts';
import type { ContainerConfig, ContainerId, ContainerRecord, HostOptions } from './container.ts';

export interface CreateRequest {
  /** Absent: the engine makes one up. A leading slash is dropped. */
  readonly name?: string;
  readonly config: ContainerConfig;
  readonly host: HostOptions;
  /** `NetworkingConfig.EndpointsConfig`; the network of `host.networkMode` is added when it is missing. */
  readonly networks?: readonly EndpointRequest[];
  /** `os/arch[/variant]`, as asked: an image of another platform is refused. */
  readonly platform?: string;
}

export interface CreateResult {
  readonly id: ContainerId;
  readonly warnings: readonly string[];
}

/** Docker's filters by key (`id`, `name`, `label`, `status`, `exited`, `ancestor`, `before`, `since`, `volume`, `network`, `publish`, `expose`, `health`, `is-task`). */
export type Filters = ReadonlyMap<string, readonly string[]>;

export interface ListOptions {
  /** Also those that do not run; implied by a status filter. */
  readonly all?: boolean;
  /** The newest n, running or not. */
  readonly limit?: number;
  readonly filters?: Filters;
}

export type WaitCondition = 'not-running' | 'next-exit' | 'removed';

export interface WaitResult {
  readonly exitCode: number;
  readonly error?: string;
}

export interface LogOptions {
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly follow?: boolean;
  readonly since?: Date;
  readonly until?: Date;
  /** The last n lines; absent is all. */
  readonly tail?: number;
  readonly signal: AbortSignal;
}

export interface LogRecord {
  readonly stream: 'stdout' | 'stderr';
  /** RFC 3339 with nanoseconds, UTC, ends in Z. */
  readonly timestamp: string;
  /** One line with its newline; the last may lack it. */
  readonly data: Buffer;
}

export interface AttachOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Start with what the log holds. */
  readonly logs: boolean;
  /** Go on with what comes; without it the session ends after the log. */
  readonly stream: boolean;
  /** Docker's spelling (`ctrl-p,ctrl-q`); absent is the default, '' none. */
  readonly detachKeys?: string;
}

/**
 * The two directions of a container or an exec.
 * Read: Docker's stream, framed (`{1|2,0,0,0,len32be}` + data) unless `isTty`, then raw. It ends when the process has ended and all was read.
 * Write: raw stdin; `end()` closes the stdin of the process where Docker would.
 * The caller owns it and destroys it when its client goes away.
 */
export interface AttachSession {
  readonly isTty: boolean;
  readonly stream: Duplex;
}

export interface StopOptions {
  readonly signal?: string;
  /** Negative waits for ever; absent is the container's own, else 10. */
  readonly timeoutSeconds?: number;
}

export interface RemoveOptions {
  readonly force?: boolean;
  /** Also its anonymous volumes. */
  readonly volumes?: boolean;
}

export interface ExecRequest {
  readonly cmd: readonly string[];
  readonly env?: readonly string[];
  readonly user?: string;
  readonly workingDir?: string;
  readonly tty?: boolean;
  readonly attachStdin?: boolean;
  readonly attachStdout?: boolean;
  readonly attachStderr?: boolean;
  readonly detachKeys?: string;
  readonly privileged?: boolean;
}

export interface ExecStartOptions {
  readonly detach: boolean;
  /** Overrides the request's when given, as Docker's start does. */
  readonly tty?: boolean;
  readonly consoleSize?: { readonly height: number; readonly width: number };
}

export interface ExecDetail {
  readonly id: string;
  readonly containerId: ContainerId;
  readonly request: ExecRequest;
  readonly isRunning: boolean;
  readonly exitCode: number | undefined;
  /** On the host; 0 before it started. */
  readonly pid: number;
}

export interface TopResult {
  readonly titles: readonly string[];
  readonly processes: readonly (readonly string[])[];
}

export interface PathChange {
  /** Absolute inside the container. */
  readonly path: string;
  readonly kind: 'modified' | 'added' | 'deleted';
}

export interface PathStat {
  readonly name: string;
  readonly sizeBytes: number;
  /** Unix `st_mode`, type bits included. */
  readonly mode: number;
  readonly modifiedAt: Date;
  readonly linkTarget: string;
}

export interface ArchiveResult {
  readonly stat: PathStat;
  readonly tar: Readable;
}

export interface ArchivePutOptions {
  /** Refuse to replace a directory by a non-directory and the reverse. */
  readonly noOverwriteDirNonDir: boolean;
  /** Entries become those of the container's user, as `docker cp -a` wants; otherwise the archive's owners are kept. */
  readonly copyUidGid: boolean;
  readonly signal: AbortSignal;
}

export interface CommitRequest {
  /** Pauses a running container meanwhile; Docker's default is true. */
  readonly pause: boolean;
  readonly comment: string;
  readonly author: string;
  /** `repository:tag` to put on it. */
  readonly reference?: string;
  /** The new image's `config`; the caller has applied `changes` to `baseConfig`. */
  readonly config?: NonNullable<ImageConfig['config']>;
}

/** Counters since the container started; nanoseconds and bytes. */
export interface StatsSample {
  readonly readAt: Date;
  readonly cpu: CgroupUsage['cpu'] & {
    /** Of the whole machine. */
    readonly hostTotalNs: number;
    readonly nOnlineCpus: number;
  };
  readonly memory: CgroupUsage['memory'];
  readonly pids: CgroupUsage['pids'];
  readonly networks: Readonly<Record<string, NetworkCounters>>;
  readonly blockIo: CgroupUsage['blockIo'];
}

export interface NetworkCounters {
  readonly rxBytes: number;
  readonly rxPackets: number;
  readonly rxErrors: number;
  readonly rxDropped: number;
  readonly txBytes: number;
  readonly txPackets: number;
  readonly txErrors: number;
  readonly txDropped: number;
}

export interface SizeUsage {
  /** Written by the container alone. */
  readonly writableBytes: number;
  /** With its image. */
  readonly rootBytes: number;
}

export interface PruneResult {
  readonly deleted: readonly string[];
  readonly reclaimedBytes: number;
}

/** A container as inspect and list see it. */
export interface ContainerDetail extends ContainerRecord {
  readonly execIds: readonly string[];
  readonly paths: {
    readonly resolvConf: string;
    readonly hostname: string;
    readonly hosts: string;
    readonly log: string;
  };
}
