/** The engine itself: is it there, what is it, how much does it hold. */

import {
  boolean,
  type Decoder,
  integer,
  listOf,
  mapOf,
  object,
  string,
} from '../../../core/engine-api/decode.ts';
import type { EngineConnection } from './connection.ts';

/** @throws NaruError "unavailable" when the engine does not answer */
export async function pingEngine(engine: EngineConnection, signal?: AbortSignal): Promise<void> {
  await engine.done({ method: 'GET', path: '/_ping', ...(signal === undefined ? {} : { signal }) });
}

export interface EngineInfo {
  readonly name: string;
  readonly serverVersion: string;
  readonly operatingSystem: string;
  readonly kernelVersion: string;
  readonly arch: string;
  readonly nCpus: number;
  readonly memoryBytes: number;
  readonly nContainers: number;
  readonly nRunning: number;
  readonly nImages: number;
  readonly rootDirectory: string;
  readonly warnings: readonly string[];
  /** The whole answer. */
  readonly raw: Readonly<Record<string, unknown>>;
}

interface InfoWire {
  readonly Name: string;
  readonly ServerVersion: string;
  readonly OperatingSystem: string;
  readonly KernelVersion: string;
  readonly Architecture: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly Containers: number;
  readonly ContainersRunning: number;
  readonly Images: number;
  readonly DockerRootDir: string;
  readonly Warnings: readonly string[];
}

const decodeInfoWire: Decoder<InfoWire> = object<InfoWire>({
  Name: string,
  ServerVersion: string,
  OperatingSystem: string,
  KernelVersion: string,
  Architecture: string,
  NCPU: integer,
  MemTotal: integer,
  Containers: integer,
  ContainersRunning: integer,
  Images: integer,
  DockerRootDir: string,
  Warnings: listOf(string),
});

export function engineInfo(engine: EngineConnection, signal?: AbortSignal): Promise<EngineInfo> {
  return engine.json(
    { method: 'GET', path: '/info', ...(signal === undefined ? {} : { signal }) },
    decodeInfo,
  );
}

function decodeInfo(value: unknown, at: string): EngineInfo {
  const wire = decodeInfoWire(value, at);
  return {
    name: wire.Name,
    serverVersion: wire.ServerVersion,
    operatingSystem: wire.OperatingSystem,
    kernelVersion: wire.KernelVersion,
    arch: wire.Architecture,
    nCpus: wire.NCPU,
    memoryBytes: wire.MemTotal,
    nContainers: wire.Containers,
    nRunning: wire.ContainersRunning,
    nImages: wire.Images,
    rootDirectory: wire.DockerRootDir,
    warnings: wire.Warnings,
    raw: value as Readonly<Record<string, unknown>>, // the decoder above accepted it as an object
  };
}

/** The answer of `GET /version` as it is. */
export function engineVersion(engine: EngineConnection): Promise<Readonly<Record<string, unknown>>> {
  return engine.json(
    { method: 'GET', path: '/version' },
    mapOf((value) => value),
  );
}

/** What things of one kind take, and what removing those nobody uses would give back. */
export interface DiskUsageOf {
  readonly n: number;
  readonly bytes: number;
  readonly reclaimableBytes: number;
}

/** What several have in common is counted once. */
export interface DiskUsage {
  readonly images: DiskUsageOf;
  readonly containers: DiskUsageOf;
  readonly volumes: DiskUsageOf;
  readonly buildCache: DiskUsageOf;
}

interface DiskUsageWire {
  readonly LayersSize: number;
  readonly Images: readonly {
    readonly Containers: number;
    readonly Size: number;
    readonly SharedSize: number;
  }[];
  readonly Containers: readonly { readonly SizeRw: number; readonly State: string }[];
  readonly Volumes: readonly { readonly UsageData: { readonly Size: number; readonly RefCount: number } }[];
  readonly BuildCache: readonly {
    readonly Size: number;
    readonly Shared: boolean;
    readonly InUse: boolean;
  }[];
}

const decodeDiskUsageWire: Decoder<DiskUsageWire> = object<DiskUsageWire>({
  LayersSize: integer,
  Images: listOf(object({ Containers: integer, Size: integer, SharedSize: integer })),
  Containers: listOf(object({ SizeRw: integer, State: string })),
  Volumes: listOf(object({ UsageData: object({ Size: integer, RefCount: integer }) })),
  BuildCache: listOf(object({ Size: integer, Shared: boolean, InUse: boolean })),
});

/** Can take seconds on a large engine. */
export async function diskUsage(engine: EngineConnection, signal?: AbortSignal): Promise<DiskUsage> {
  const call = { method: 'GET', path: '/system/df', ...(signal === undefined ? {} : { signal }) } as const;
  const wire = await engine.json(call, decodeDiskUsageWire);
  const usedImages = wire.Images.filter(({ Containers }) => Containers > 0);
  // An image has the bytes of a shared step as well: they are counted there.
  const cached = wire.BuildCache.filter(({ Shared }) => !Shared);
  const sizes = (rows: readonly { readonly Size: number }[]): number => sum(rows.map(({ Size }) => Size));
  const volumes = wire.Volumes.map(({ UsageData }) => UsageData);
  return {
    images: {
      n: wire.Images.length,
      bytes: wire.LayersSize,
      reclaimableBytes: wire.LayersSize - sum(usedImages.map(({ Size, SharedSize }) => Size - SharedSize)),
    },
    containers: {
      n: wire.Containers.length,
      bytes: sum(wire.Containers.map(({ SizeRw }) => SizeRw)),
      reclaimableBytes: sum(wire.Containers.map(({ SizeRw, State }) => (isAlive(State) ? 0 : SizeRw))),
    },
    volumes: {
      n: volumes.length,
      bytes: sizes(volumes),
      reclaimableBytes: sizes(volumes.filter(({ RefCount }) => RefCount === 0)),
    },
    buildCache: {
      n: wire.BuildCache.length,
      bytes: sizes(cached),
      reclaimableBytes: sizes(cached.filter(({ InUse }) => !InUse)),
    },
  };
}

function isAlive(state: string): boolean {
  return state === 'running' || state === 'paused' || state === 'restarting';
}

/** -1 stands for "not computed". */
function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + Math.max(0, size), 0);
}
