/** The engine itself: is it there, what is it, how much does it hold. */

import { type Decoder, integer, listOf, mapOf, object, string } from '../../../core/engine-api/decode.ts';
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

export interface DiskUsage {
  readonly layersBytes: number;
  readonly nImages: number;
  readonly nContainers: number;
  readonly containersBytes: number;
  readonly nVolumes: number;
  readonly volumesBytes: number;
  readonly buildCacheBytes: number;
}

interface DiskUsageWire {
  readonly LayersSize: number;
  readonly Images: readonly unknown[];
  readonly Containers: readonly { readonly SizeRw: number }[];
  readonly Volumes: readonly { readonly UsageData: { readonly Size: number } }[];
  readonly BuildCache: readonly { readonly Size: number }[];
}

const decodeDiskUsageWire: Decoder<DiskUsageWire> = object<DiskUsageWire>({
  LayersSize: integer,
  Images: listOf((value: unknown) => value),
  Containers: listOf(object({ SizeRw: integer })),
  Volumes: listOf(object({ UsageData: object({ Size: integer }) })),
  BuildCache: listOf(object({ Size: integer })),
});

/** Can take seconds on a large engine. */
export async function diskUsage(engine: EngineConnection, signal?: AbortSignal): Promise<DiskUsage> {
  const call = { method: 'GET', path: '/system/df', ...(signal === undefined ? {} : { signal }) } as const;
  const wire = await engine.json(call, decodeDiskUsageWire);
  return {
    layersBytes: wire.LayersSize,
    nImages: wire.Images.length,
    nContainers: wire.Containers.length,
    containersBytes: sum(wire.Containers.map(({ SizeRw }) => SizeRw)),
    nVolumes: wire.Volumes.length,
    volumesBytes: sum(wire.Volumes.map(({ UsageData }) => UsageData.Size)),
    buildCacheBytes: sum(wire.BuildCache.map(({ Size }) => Size)),
  };
}

/** -1 stands for "not computed". */
function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + Math.max(0, size), 0);
}
