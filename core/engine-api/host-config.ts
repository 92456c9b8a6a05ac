/** Wire type of `HostConfig`, and of the part of it that `POST /containers/{id}/update` takes (Docker Engine API 1.47). */

import {
  decodeMount,
  decodePortBinding,
  type DeviceRequestBody,
  type MountBody,
  type PortBindingBody,
} from './container-config.ts';
import {
  anything,
  boolean,
  integer,
  listOf,
  mapOf,
  object,
  optional,
  string,
  type Decoder,
} from './decode.ts';

export interface RestartPolicyBody {
  readonly Name: string;
  readonly MaximumRetryCount: number;
}

export interface ThrottleBody {
  readonly Path: string;
  readonly Rate: number;
}

export interface ResourcesBody {
  readonly CpuShares: number;
  readonly Memory: number;
  readonly NanoCpus: number;
  readonly CgroupParent: string;
  readonly BlkioWeight: number;
  readonly BlkioWeightDevice: readonly { readonly Path: string; readonly Weight: number }[];
  readonly BlkioDeviceReadBps: readonly ThrottleBody[];
  readonly BlkioDeviceWriteBps: readonly ThrottleBody[];
  readonly BlkioDeviceReadIOps: readonly ThrottleBody[];
  readonly BlkioDeviceWriteIOps: readonly ThrottleBody[];
  readonly CpuPeriod: number;
  readonly CpuQuota: number;
  readonly CpuRealtimePeriod: number;
  readonly CpuRealtimeRuntime: number;
  readonly CpusetCpus: string;
  readonly CpusetMems: string;
  readonly Devices: readonly {
    readonly PathOnHost: string;
    readonly PathInContainer: string;
    readonly CgroupPermissions: string;
  }[];
  readonly DeviceCgroupRules: readonly string[];
  readonly DeviceRequests: readonly DeviceRequestBody[];
  readonly MemoryReservation: number;
  readonly MemorySwap: number;
  readonly MemorySwappiness: number | undefined;
  readonly OomKillDisable: boolean | undefined;
  readonly PidsLimit: number | undefined;
  readonly Ulimits: readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[];
}

export interface HostConfigBody extends ResourcesBody {
  readonly Binds: readonly string[];
  readonly ContainerIDFile: string;
  readonly LogConfig: { readonly Type: string; readonly Config: Readonly<Record<string, string>> };
  readonly NetworkMode: string;
  readonly PortBindings: Readonly<Record<string, readonly PortBindingBody[]>>;
  readonly RestartPolicy: RestartPolicyBody;
  readonly AutoRemove: boolean;
  readonly VolumeDriver: string;
  readonly VolumesFrom: readonly string[];
  readonly Mounts: readonly MountBody[];
  readonly ConsoleSize: readonly number[];
  readonly Annotations: Readonly<Record<string, string>>;
  readonly CapAdd: readonly string[];
  readonly CapDrop: readonly string[];
  readonly CgroupnsMode: string;
  readonly Dns: readonly string[];
  readonly DnsOptions: readonly string[];
  readonly DnsSearch: readonly string[];
  readonly ExtraHosts: readonly string[];
  readonly GroupAdd: readonly string[];
  readonly IpcMode: string;
  readonly Cgroup: string;
  readonly Links: readonly string[];
  readonly OomScoreAdj: number;
  readonly PidMode: string;
  readonly Privileged: boolean;
  readonly PublishAllPorts: boolean;
  readonly ReadonlyRootfs: boolean;
  readonly SecurityOpt: readonly string[];
  readonly StorageOpt: Readonly<Record<string, string>>;
  readonly Tmpfs: Readonly<Record<string, string>>;
  readonly UTSMode: string;
  readonly UsernsMode: string;
  readonly ShmSize: number;
  readonly Sysctls: Readonly<Record<string, string>>;
  readonly Runtime: string;
  readonly Isolation: string;
  readonly Init: boolean | undefined;
  readonly MaskedPaths: readonly string[] | undefined;
  readonly ReadonlyPaths: readonly string[] | undefined;
}

const THROTTLES = listOf(object<ThrottleBody>({ Path: string, Rate: integer }));
const DEVICE = object({ PathOnHost: string, PathInContainer: string, CgroupPermissions: string });

const RESOURCE_FIELDS = {
  CpuShares: integer,
  Memory: integer,
  NanoCpus: integer,
  CgroupParent: string,
  BlkioWeight: integer,
  BlkioWeightDevice: listOf(object({ Path: string, Weight: integer })),
  BlkioDeviceReadBps: THROTTLES,
  BlkioDeviceWriteBps: THROTTLES,
  BlkioDeviceReadIOps: THROTTLES,
  BlkioDeviceWriteIOps: THROTTLES,
  CpuPeriod: integer,
  CpuQuota: integer,
  CpuRealtimePeriod: integer,
  CpuRealtimeRuntime: integer,
  CpusetCpus: string,
  CpusetMems: string,
  Devices: listOf(DEVICE),
  DeviceCgroupRules: listOf(string),
  DeviceRequests: listOf(anything),
  MemoryReservation: integer,
  MemorySwap: integer,
  MemorySwappiness: optional(integer),
  OomKillDisable: optional(boolean),
  PidsLimit: optional(integer),
  Ulimits: listOf(object({ Name: string, Soft: integer, Hard: integer })),
};

export const decodeHostConfig: Decoder<HostConfigBody> = object<HostConfigBody>({
  ...RESOURCE_FIELDS,
  Binds: listOf(string),
  ContainerIDFile: string,
  LogConfig: object({ Type: string, Config: mapOf(string) }),
  NetworkMode: string,
  PortBindings: mapOf(listOf(decodePortBinding)),
  RestartPolicy: object({ Name: string, MaximumRetryCount: integer }),
  AutoRemove: boolean,
  VolumeDriver: string,
  VolumesFrom: listOf(string),
  Mounts: listOf(decodeMount),
  ConsoleSize: listOf(integer),
  Annotations: mapOf(string),
  CapAdd: listOf(string),
  CapDrop: listOf(string),
  CgroupnsMode: string,
  Dns: listOf(string),
  DnsOptions: listOf(string),
  DnsSearch: listOf(string),
  ExtraHosts: listOf(string),
  GroupAdd: listOf(string),
  IpcMode: string,
  Cgroup: string,
  Links: listOf(string),
  OomScoreAdj: integer,
  PidMode: string,
  Privileged: boolean,
  PublishAllPorts: boolean,
  ReadonlyRootfs: boolean,
  SecurityOpt: listOf(string),
  StorageOpt: mapOf(string),
  Tmpfs: mapOf(string),
  UTSMode: string,
  UsernsMode: string,
  ShmSize: integer,
  Sysctls: mapOf(string),
  Runtime: string,
  Isolation: string,
  Init: optional(boolean),
  MaskedPaths: optional(listOf(string)),
  ReadonlyPaths: optional(listOf(string)),
});

/** Body of `POST /containers/{id}/update`. */
export interface UpdateBody extends ResourcesBody {
  readonly RestartPolicy: RestartPolicyBody;
}

export const decodeUpdate: Decoder<UpdateBody> = object<UpdateBody>({
  ...RESOURCE_FIELDS,
  RestartPolicy: object({ Name: string, MaximumRetryCount: integer }),
});
