/** Containers as the rest of the client sees them, decoded from what engines answer. Missing fields become empty ones: engines differ in what they send. */

import {
  type Decoder,
  boolean,
  integer,
  listOf,
  mapOf,
  object,
  optional,
  string,
} from '../../../core/engine-api/decode.ts';

export interface PublishedPort {
  /** Address on the engine's host; '' when the port is exposed but not published. */
  readonly hostIp: string;
  /** 0 when not published. */
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: string;
}

export interface ContainerSummary {
  readonly id: string;
  /** Without leading slash. */
  readonly name: string;
  readonly image: string;
  readonly imageId: string;
  readonly command: string;
  readonly createdAt: Date;
  /** created, running, paused, restarting, removing, exited or dead. */
  readonly state: string;
  /** For people: `Up 3 minutes (healthy)`. */
  readonly status: string;
  readonly ports: readonly PublishedPort[];
  readonly labels: Readonly<Record<string, string>>;
  readonly networks: readonly string[];
  /** What is mounted: a volume's name, else the path on the engine's host. */
  readonly mounts: readonly { readonly source: string; readonly isLocalVolume: boolean }[];
  /** -1 when not asked for. */
  readonly writableBytes: number;
  /** Of the image and the writable layer; -1 when not asked for. */
  readonly totalBytes: number;
}

export interface ContainerDetails {
  readonly id: string;
  readonly name: string;
  readonly imageId: string;
  readonly image: string;
  readonly createdAt: Date;
  readonly state: string;
  readonly exitCode: number;
  /** Why it could not be started; '' otherwise. */
  readonly error: string;
  readonly isOutOfMemory: boolean;
  /** starting, healthy, unhealthy; '' without a health check. */
  readonly health: string;
  readonly isTty: boolean;
  readonly hasStdin: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** The whole answer, for `inspect`. */
  readonly raw: Readonly<Record<string, unknown>>;
}

interface SummaryWire {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Image: string;
  readonly ImageID: string;
  readonly Command: string;
  readonly Created: number;
  readonly State: string;
  readonly Status: string;
  readonly SizeRw: number | undefined;
  readonly SizeRootFs: number | undefined;
  readonly Mounts: readonly { readonly Name: string; readonly Source: string; readonly Driver: string }[];
  readonly Ports: readonly {
    readonly IP: string;
    readonly PublicPort: number;
    readonly PrivatePort: number;
    readonly Type: string;
  }[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> };
}

const decodeSummaryWire: Decoder<SummaryWire> = object<SummaryWire>({
  Id: string,
  Names: listOf(string),
  Image: string,
  ImageID: string,
  Command: string,
  Created: integer,
  State: string,
  Status: string,
  SizeRw: optional(integer),
  SizeRootFs: optional(integer),
  Mounts: listOf(object({ Name: string, Source: string, Driver: string })),
  Ports: listOf(object({ IP: string, PublicPort: integer, PrivatePort: integer, Type: string })),
  Labels: mapOf(string),
  NetworkSettings: object({ Networks: mapOf((value) => value) }),
});

export function decodeSummary(value: unknown, at: string): ContainerSummary {
  const wire = decodeSummaryWire(value, at);
  return {
    id: wire.Id,
    name: (wire.Names[0] ?? '').replace(/^\//, ''),
    image: wire.Image,
    imageId: wire.ImageID,
    command: wire.Command,
    createdAt: new Date(wire.Created * 1000),
    state: wire.State,
    status: wire.Status,
    ports: wire.Ports.map((port) => ({
      hostIp: port.IP,
      hostPort: port.PublicPort,
      containerPort: port.PrivatePort,
      protocol: port.Type,
    })),
    labels: wire.Labels,
    networks: Object.keys(wire.NetworkSettings.Networks),
    mounts: wire.Mounts.map(({ Name, Source, Driver }) => ({
      source: Name === '' ? Source : Name,
      isLocalVolume: Driver === 'local',
    })),
    writableBytes: wire.SizeRw ?? -1,
    totalBytes: wire.SizeRootFs ?? -1,
  };
}

interface DetailsWire {
  readonly Id: string;
  readonly Name: string;
  readonly Image: string;
  readonly Created: string;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly Error: string;
    readonly OOMKilled: boolean;
    readonly Health: { readonly Status: string };
  };
  readonly Config: {
    readonly Image: string;
    readonly Tty: boolean;
    readonly OpenStdin: boolean;
    readonly Labels: Readonly<Record<string, string>>;
  };
}

const decodeDetailsWire: Decoder<DetailsWire> = object<DetailsWire>({
  Id: string,
  Name: string,
  Image: string,
  Created: string,
  State: object({
    Status: string,
    ExitCode: integer,
    Error: string,
    OOMKilled: boolean,
    Health: object({ Status: string }),
  }),
  Config: object({ Image: string, Tty: boolean, OpenStdin: boolean, Labels: mapOf(string) }),
});

export function decodeDetails(value: unknown, at: string): ContainerDetails {
  const wire = decodeDetailsWire(value, at);
  const health = wire.State.Health.Status;
  return {
    id: wire.Id,
    name: wire.Name.replace(/^\//, ''),
    imageId: wire.Image,
    image: wire.Config.Image,
    createdAt: new Date(wire.Created),
    state: wire.State.Status,
    exitCode: wire.State.ExitCode,
    error: wire.State.Error,
    isOutOfMemory: wire.State.OOMKilled,
    health: health === 'none' ? '' : health,
    isTty: wire.Config.Tty,
    hasStdin: wire.Config.OpenStdin,
    labels: wire.Config.Labels,
    raw: value as Readonly<Record<string, unknown>>, // the decoder above accepted it as an object
  };
}
