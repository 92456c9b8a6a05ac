/** The engine itself: what is it, how much does it hold. */

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

/** Of one kind of things. */
export interface UsageRow {
  readonly nTotal: number;
  readonly nActive: number;
  readonly sizeBytes: number;
  readonly reclaimableBytes: number;
}

export interface DiskUsage {
  readonly images: UsageRow;
  readonly containers: UsageRow;
  readonly volumes: UsageRow;
  readonly buildCache: UsageRow;
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
    readonly InUse: boolean;
    readonly Shared: boolean;
  }[];
}

const decodeDiskUsageWire: Decoder<DiskUsageWire> = object<DiskUsageWire>({
  LayersSize: integer,
  Images: listOf(object({ Containers: integer, Size: integer, SharedSize: integer })),
  Containers: listOf(object({ SizeRw: integer, State: string })),
  Volumes: listOf(object({ UsageData: object({ Size: integer, RefCount: integer }) })),
  BuildCache: listOf(object({ Size: integer, InUse: boolean, Shared: boolean })),
});

/** Counted as docker's CLI counts them (docker 28.2.2). Can take seconds on a large engine. */
export async function diskUsage(engine: EngineConnection, signal?: AbortSignal): Promise<DiskUsage> {
  const call = { method: 'GET', path: '/system/df', ...(signal === undefined ? {} : { signal }) } as const;
  const wire = await engine.json(call, decodeDiskUsageWire);
  const usedImages = wire.Images.filter(({ Containers }) => Containers !== 0);
  const usedBytes = usedImages.map(({ Size, SharedSize }) => (SharedSize < 0 ? 0 : Size - SharedSize));
  return {
    images: {
      nTotal: wire.Images.length,
      nActive: usedImages.length,
      sizeBytes: wire.LayersSize,
      reclaimableBytes: Math.max(0, wire.LayersSize - sum(usedBytes)),
    },
    containers: usageRow(
      wire.Containers.map(({ SizeRw, State }) => ({
        sizeBytes: SizeRw,
        isActive: ['running', 'paused', 'restarting'].includes(State),
      })),
    ),
    volumes: usageRow(
      wire.Volumes.map(({ UsageData: { Size, RefCount } }) => ({ sizeBytes: Size, isActive: RefCount > 0 })),
    ),
    buildCache: usageRow(
      wire.BuildCache.map(({ Size, InUse, Shared }) => ({ sizeBytes: Shared ? 0 : Size, isActive: InUse })),
    ),
  };
}

/** What is not active could go. */
function usageRow(items: readonly { readonly sizeBytes: number; readonly isActive: boolean }[]): UsageRow {
  const active = items.filter(({ isActive }) => isActive);
  const sizeBytes = sum(items.map((item) => item.sizeBytes));
  const reclaimableBytes = sizeBytes - sum(active.map((item) => item.sizeBytes));
  return { nTotal: items.length, nActive: active.length, sizeBytes, reclaimableBytes };
}

/** -1 stands for "not computed". */
function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + Math.max(0, size), 0);
}
