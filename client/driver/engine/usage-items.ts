/** `GET /system/df`, one thing at a time: each image, container, volume and piece of the build cache with what it takes. */

import { boolean, type Decoder, integer, listOf, object, string } from '../../../core/engine-api/decode.ts';
import type { EngineConnection } from './connection.ts';
import { type ContainerSummary, decodeSummary } from './container-model.ts';
import { decodeImage, type ImageSummary } from './images.ts';
import { decodeVolume, type VolumeSummary } from './volumes.ts';

export interface UsageItems {
  readonly images: readonly ImageUsage[];
  /** With their sizes. */
  readonly containers: readonly ContainerSummary[];
  readonly volumes: readonly VolumeUsage[];
  readonly buildCache: readonly CacheUsage[];
}

export interface ImageUsage extends ImageSummary {
  /** Of layers that another image has as well. */
  readonly sharedBytes: number;
  /** Running or not. */
  readonly nContainers: number;
}

export interface VolumeUsage extends VolumeSummary {
  readonly sizeBytes: number;
  readonly nContainers: number;
}

export interface CacheUsage {
  readonly id: string;
  readonly type: string;
  readonly description: string;
  readonly isInUse: boolean;
  /** An image has it as well, and it is counted there. */
  readonly isShared: boolean;
  readonly sizeBytes: number;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly nBuilds: number;
}

/** In the engine's order, the build cache by when it was last used. Can take seconds on a large engine. */
export async function usageItems(engine: EngineConnection): Promise<UsageItems> {
  const { Images, Containers, Volumes, BuildCache } = await engine.json(
    { method: 'GET', path: '/system/df' },
    decodeItems,
  );
  return { images: Images, containers: Containers, volumes: Volumes, buildCache: BuildCache.toSorted(byUse) };
}

/** Docker: the longest unused first, equal ones by ID. */
function byUse(a: CacheUsage, b: CacheUsage): number {
  const ms = a.lastUsedAt.getTime() - b.lastUsedAt.getTime();
  return ms === 0 ? (a.id < b.id ? -1 : 1) : ms;
}

const decodeItems = object({
  Images: listOf(decodeImageUsage),
  Containers: listOf(decodeSummary),
  Volumes: listOf(decodeVolumeUsage),
  BuildCache: listOf(decodeCacheUsage),
});

function decodeImageUsage(value: unknown, at: string): ImageUsage {
  const { SharedSize, Containers } = object({ SharedSize: integer, Containers: integer })(value, at);
  return { ...decodeImage(value, at), sharedBytes: Math.max(0, SharedSize), nContainers: Containers };
}

function decodeVolumeUsage(value: unknown, at: string): VolumeUsage {
  const { UsageData } = object({ UsageData: object({ Size: integer, RefCount: integer }) })(value, at);
  return { ...decodeVolume(value, at), sizeBytes: UsageData.Size, nContainers: UsageData.RefCount };
}

interface CacheWire {
  readonly ID: string;
  readonly Type: string;
  readonly Description: string;
  readonly InUse: boolean;
  readonly Shared: boolean;
  readonly Size: number;
  readonly CreatedAt: string;
  readonly LastUsedAt: string;
  readonly UsageCount: number;
}

function decodeCacheUsage(value: unknown, at: string): CacheUsage {
  const wire = decodeCacheWire(value, at);
  return {
    id: wire.ID,
    type: wire.Type,
    description: wire.Description,
    isInUse: wire.InUse,
    isShared: wire.Shared,
    sizeBytes: wire.Size,
    createdAt: new Date(wire.CreatedAt),
    lastUsedAt: new Date(wire.LastUsedAt),
    nBuilds: wire.UsageCount,
  };
}

const decodeCacheWire: Decoder<CacheWire> = object<CacheWire>({
  ID: string,
  Type: string,
  Description: string,
  InUse: boolean,
  Shared: boolean,
  Size: integer,
  CreatedAt: string,
  LastUsedAt: string,
  UsageCount: integer,
});
