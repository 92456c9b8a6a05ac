/** Wire types of what a container is made from: `Config`, `HostConfig` and `NetworkingConfig` of Docker Engine API 1.47, tag Container. */

import type { HealthcheckConfig } from '../oci/image-config.ts';
import {
  anything,
  boolean,
  integer,
  listOf,
  mapOf,
  object,
  optional,
  string,
  words,
  type Decoder,
} from './decode.ts';

/** Keys only, as Go's `map[string]struct{}` comes over the wire. */
export type KeySet = Readonly<Record<string, unknown>>;

export interface ContainerConfigBody {
  readonly Hostname: string;
  readonly Domainname: string;
  readonly User: string;
  readonly AttachStdin: boolean;
  readonly AttachStdout: boolean;
  readonly AttachStderr: boolean;
  readonly ExposedPorts: KeySet;
  readonly Tty: boolean;
  readonly OpenStdin: boolean;
  readonly StdinOnce: boolean;
  readonly Env: readonly string[];
  readonly Cmd: readonly string[] | undefined;
  readonly Healthcheck: HealthcheckConfig | undefined;
  readonly Image: string;
  readonly Volumes: KeySet;
  readonly WorkingDir: string;
  readonly Entrypoint: readonly string[] | undefined;
  readonly NetworkDisabled: boolean;
  readonly MacAddress: string;
  readonly OnBuild: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly StopSignal: string;
  readonly StopTimeout: number | undefined;
  readonly Shell: readonly string[];
}

export interface PortBindingBody {
  readonly HostIp: string;
  /** A port, a range `8000-8010`, or '' for any. */
  readonly HostPort: string;
}

export interface MountBody {
  readonly Type: string;
  readonly Source: string;
  readonly Target: string;
  readonly ReadOnly: boolean;
  readonly BindOptions:
    | { readonly Propagation: string; readonly NonRecursive: boolean; readonly CreateMountpoint: boolean }
    | undefined;
  readonly VolumeOptions:
    | {
        readonly NoCopy: boolean;
        readonly Labels: Readonly<Record<string, string>>;
        readonly DriverConfig: { readonly Name: string; readonly Options: Readonly<Record<string, string>> };
        readonly Subpath: string;
      }
    | undefined;
  readonly TmpfsOptions: { readonly SizeBytes: number; readonly Mode: number } | undefined;
}

/** `--gpus`; refused, so only its presence matters. */
export type DeviceRequestBody = unknown;

export interface EndpointSettingsBody {
  readonly Aliases: readonly string[];
  /** `NAME:ALIAS`. */
  readonly Links: readonly string[];
  readonly MacAddress: string;
  readonly IPAMConfig: { readonly IPv4Address: string; readonly IPv6Address: string };
}

const HEALTHCHECK: Decoder<HealthcheckConfig> = object({
  Test: listOf(string),
  Interval: integer,
  Timeout: integer,
  StartPeriod: integer,
  StartInterval: integer,
  Retries: integer,
});

/** The fields of `Config`; create spreads them beside `HostConfig`. */
export const CONFIG_FIELDS = {
  Hostname: string,
  Domainname: string,
  User: string,
  AttachStdin: boolean,
  AttachStdout: boolean,
  AttachStderr: boolean,
  ExposedPorts: mapOf(anything),
  Tty: boolean,
  OpenStdin: boolean,
  StdinOnce: boolean,
  Env: listOf(string),
  Cmd: words,
  Healthcheck: optional(HEALTHCHECK),
  Image: string,
  Volumes: mapOf(anything),
  WorkingDir: string,
  Entrypoint: words,
  NetworkDisabled: boolean,
  MacAddress: string,
  OnBuild: listOf(string),
  Labels: mapOf(string),
  StopSignal: string,
  StopTimeout: optional(integer),
  Shell: listOf(string),
};

export const decodeContainerConfig: Decoder<ContainerConfigBody> = object<ContainerConfigBody>(CONFIG_FIELDS);

export const decodeMount: Decoder<MountBody> = object<MountBody>({
  Type: string,
  Source: string,
  Target: string,
  ReadOnly: boolean,
  BindOptions: optional(object({ Propagation: string, NonRecursive: boolean, CreateMountpoint: boolean })),
  VolumeOptions: optional(
    object({
      NoCopy: boolean,
      Labels: mapOf(string),
      DriverConfig: object({ Name: string, Options: mapOf(string) }),
      Subpath: string,
    }),
  ),
  TmpfsOptions: optional(object({ SizeBytes: integer, Mode: integer })),
});

export const decodePortBinding: Decoder<PortBindingBody> = object<PortBindingBody>({
  HostIp: string,
  HostPort: string,
});

export const decodeEndpointSettings: Decoder<EndpointSettingsBody> = object<EndpointSettingsBody>({
  Aliases: listOf(string),
  Links: listOf(string),
  MacAddress: string,
  IPAMConfig: object({ IPv4Address: string, IPv6Address: string }),
});
