/** Wire types of the container endpoints (Docker Engine API 1.47, tag Container), except the configuration. */

import {
  CONFIG_FIELDS,
  decodeEndpointSettings,
  type ContainerConfigBody,
  type EndpointSettingsBody,
} from './container-config.ts';
import { boolean, integer, listOf, mapOf, object, optional, string, type Decoder } from './decode.ts';
import { decodeHostConfig, type HostConfigBody } from './host-config.ts';

export interface CreateContainerBody extends ContainerConfigBody {
  readonly HostConfig: HostConfigBody;
  readonly NetworkingConfig: { readonly EndpointsConfig: Readonly<Record<string, EndpointSettingsBody>> };
}

export const decodeCreateContainer: Decoder<CreateContainerBody> = object<CreateContainerBody>({
  ...CONFIG_FIELDS,
  HostConfig: decodeHostConfig,
  NetworkingConfig: object({ EndpointsConfig: mapOf(decodeEndpointSettings) }),
});

export interface CreateContainerResult {
  readonly Id: string;
  readonly Warnings: readonly string[];
}

export interface HealthBody {
  readonly Status: string;
  readonly FailingStreak: number;
  readonly Log: readonly {
    readonly Start: string;
    readonly End: string;
    readonly ExitCode: number;
    readonly Output: string;
  }[];
}

export interface ContainerStateBody {
  readonly Status: string;
  readonly Running: boolean;
  readonly Paused: boolean;
  readonly Restarting: boolean;
  readonly OOMKilled: boolean;
  readonly Dead: boolean;
  readonly Pid: number;
  readonly ExitCode: number;
  readonly Error: string;
  readonly StartedAt: string;
  readonly FinishedAt: string;
  readonly Health?: HealthBody;
}

export interface MountPointBody {
  readonly Type: string;
  readonly Name?: string;
  readonly Source: string;
  readonly Destination: string;
  readonly Driver?: string;
  readonly Mode: string;
  readonly RW: boolean;
  readonly Propagation: string;
}

export interface EndpointBody {
  readonly IPAMConfig: Readonly<Record<string, string>> | null;
  readonly Links: readonly string[] | null;
  readonly Aliases: readonly string[] | null;
  readonly MacAddress: string;
  readonly DriverOpts: null;
  readonly NetworkID: string;
  readonly EndpointID: string;
  readonly Gateway: string;
  readonly IPAddress: string;
  readonly IPPrefixLen: number;
  readonly IPv6Gateway: string;
  readonly GlobalIPv6Address: string;
  readonly GlobalIPv6PrefixLen: number;
  readonly DNSNames: readonly string[] | null;
}

/** One row of `GET /containers/json`. */
export interface ContainerSummary {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Image: string;
  readonly ImageID: string;
  readonly Command: string;
  /** Unix seconds. */
  readonly Created: number;
  readonly Ports: readonly PortSummary[];
  readonly SizeRw?: number;
  readonly SizeRootFs?: number;
  readonly Labels: Readonly<Record<string, string>>;
  readonly State: string;
  readonly Status: string;
  readonly HostConfig: { readonly NetworkMode: string };
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, EndpointBody>> };
  readonly Mounts: readonly MountPointBody[];
}

export interface PortSummary {
  readonly IP?: string;
  readonly PrivatePort: number;
  readonly PublicPort?: number;
  readonly Type: string;
}

export interface ExecCreateBody {
  readonly AttachStdin: boolean;
  readonly AttachStdout: boolean;
  readonly AttachStderr: boolean;
  readonly DetachKeys: string;
  readonly Tty: boolean;
  readonly Env: readonly string[];
  readonly Cmd: readonly string[];
  readonly Privileged: boolean;
  readonly User: string;
  readonly WorkingDir: string;
  readonly ConsoleSize: readonly number[];
}

export const decodeExecCreate: Decoder<ExecCreateBody> = object<ExecCreateBody>({
  AttachStdin: boolean,
  AttachStdout: boolean,
  AttachStderr: boolean,
  DetachKeys: string,
  Tty: boolean,
  Env: listOf(string),
  Cmd: listOf(string),
  Privileged: boolean,
  User: string,
  WorkingDir: string,
  ConsoleSize: listOf(integer),
});

export interface ExecStartBody {
  readonly Detach: boolean;
  readonly Tty: boolean | undefined;
  readonly ConsoleSize: readonly number[];
}

export const decodeExecStart: Decoder<ExecStartBody> = object<ExecStartBody>({
  Detach: boolean,
  Tty: optional(boolean),
  ConsoleSize: listOf(integer),
});
