/** Images as the engine knows them -> Docker's summaries, inspect bodies and history rows. */

import type { ImageHistoryRow, ImageInspectBody, ImageSummary } from '../../../../core/engine-api/images.ts';
import type { Image } from '../../../engine/images/image-store.ts';

/** How Go writes the zero time. */
const ZERO_TIME = '0001-01-01T00:00:00Z';

/** `apiMinor` is what the client speaks: before 44 it expects VirtualSize as well. -1: not computed. */
export function imageSummary(
  image: Image,
  apiMinor: number,
  {
    nContainers = -1,
    sharedBytes = -1,
  }: { readonly nContainers?: number; readonly sharedBytes?: number } = {},
): ImageSummary {
  return {
    Id: image.id,
    ParentId: '',
    RepoTags: image.tags,
    RepoDigests: image.repoDigests,
    Created: Math.floor(image.createdAt.getTime() / 1000),
    Size: image.sizeBytes,
    ...(apiMinor < 44 ? { VirtualSize: image.sizeBytes } : {}),
    SharedSize: sharedBytes,
    Labels: image.config.config?.Labels ?? null,
    Containers: nContainers,
  };
}

/**
 * `apiMinor` is what the client speaks: before 44 it expects VirtualSize.
 * Docker: dockerd 28.5.2 answers ContainerConfig before API 1.45 only, which is why docker-compose 1 can't recreate containers there (it reads the volumes of it). Here it is always the image's own configuration.
 */
export function imageInspectBody(image: Image, apiMinor: number): ImageInspectBody {
  const { config } = image;
  return {
    Id: image.id,
    RepoTags: image.tags,
    RepoDigests: image.repoDigests,
    Parent: '',
    Comment: config.history?.at(-1)?.comment ?? '',
    Created: config.created ?? ZERO_TIME,
    DockerVersion: '',
    Author: config.author ?? '',
    Config: config.config ?? {},
    ContainerConfig: config.config ?? {},
    Architecture: config.architecture,
    ...(config.variant === undefined ? {} : { Variant: config.variant }),
    Os: config.os,
    Size: image.sizeBytes,
    ...(apiMinor < 44 ? { VirtualSize: image.sizeBytes } : {}),
    GraphDriver: { Data: null, Name: 'overlay2' },
    RootFS: { Type: 'layers', Layers: config.rootfs.diff_ids },
    Metadata: { LastTagTime: ZERO_TIME },
  };
}

/** `layerBytes`: sizes of the layers, lowest first. Rows are newest first; only the newest has the image's id. */
export function historyRows(image: Image, layerBytes: readonly number[]): readonly ImageHistoryRow[] {
  const sizes = layerBytes.values();
  const entries = image.config.history ?? [];
  const rows = entries.map((entry, at) => ({
    Id: at === entries.length - 1 ? image.id : '<missing>',
    Created: entry.created === undefined ? 0 : Math.floor(Date.parse(entry.created) / 1000),
    CreatedBy: entry.created_by ?? '',
    Tags: at === entries.length - 1 && image.tags.length > 0 ? image.tags : null,
    Size: entry.empty_layer === true ? 0 : (sizes.next().value ?? 0),
    Comment: entry.comment ?? '',
  }));
  return rows.toReversed();
}
