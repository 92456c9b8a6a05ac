/** `GET /system/df`: what images, containers, volumes and the build cache take. */

import type { BuildCacheRow } from '../../../core/engine-api/system.ts';
import type { CacheItem } from '../../build/cache-items.ts';
import { diskUsageBytes } from '../../engine/system/disk-usage.ts';
import { layersBytes, sharedLayers } from '../../engine/system/layer-usage.ts';
import { namedImages } from '../containers/wire/named-images.ts';
import { networkIds } from '../containers/wire/network-ids.ts';
import { containerSummary } from '../containers/wire/summary.ts';
import { json, type Endpoint } from '../endpoint.ts';
import { imageSummary } from '../images/wire/image-bodies.ts';
import type { ApiParts } from '../parts.ts';
import { volumeBody } from '../volumes/volume-body.ts';

export const systemDf: Endpoint = {
  method: 'GET',
  path: '/system/df',
  handle: async ({ query, apiMinor }, parts) => {
    const { builds } = parts;
    const types = query.all('type');
    const wants = (type: string): boolean => types.length === 0 || types.includes(type);
    return json({
      ...(wants('image') ? await imageFields(parts, apiMinor) : { LayersSize: 0, Images: null }),
      Containers: wants('container') ? await containerRows(parts) : null,
      Volumes: wants('volume') ? await volumeRows(parts) : null,
      BuildCache: wants('build-cache') ? (await builds.keeper.items()).map(buildCacheRow) : null,
    });
  },
};

async function imageFields({ images, containers, snapshots, builds }: ApiParts, apiMinor: number) {
  const all = await images.list();
  const nUsers = new Map<string, number>();
  for (const { imageId } of await containers.list({ all: true })) {
    nUsers.set(imageId, (nUsers.get(imageId) ?? 0) + 1);
  }
  const caches = new Set((await builds.keeper.items()).flatMap(({ id, isShared }) => (isShared ? [] : [id])));
  const sharedBytes = await sharedLayers(all, snapshots);
  return {
    LayersSize: await layersBytes(snapshots, (layer) => !caches.has(layer)),
    Images: all.map((image) => {
      const nContainers = nUsers.get(image.id) ?? 0;
      return imageSummary(image, apiMinor, { nContainers, sharedBytes: sharedBytes(image) });
    }),
  };
}

async function containerRows({ containers, images, networks }: ApiParts): Promise<readonly object[]> {
  const now = new Date();
  const networkIdOf = networkIds(networks);
  const details = await containers.list({ all: true });
  const isNamed = await namedImages(images, details);
  const rows = details.map(async (detail) =>
    containerSummary(detail, { networkIdOf, now, isNamed }, await containers.size(detail.id)),
  );
  return Promise.all(rows);
}

async function volumeRows({ volumes }: ApiParts): Promise<readonly object[]> {
  const rows = volumes.list().map(async (volume) => {
    const usage = {
      Size: await diskUsageBytes(volume.mountpoint),
      RefCount: volumes.usersOf(volume.name).length,
    };
    return volumeBody(volume, usage);
  });
  return Promise.all(rows);
}

function buildCacheRow(item: CacheItem): BuildCacheRow {
  return {
    ID: item.id,
    Parents: item.parent === undefined ? null : [item.parent],
    Type: item.type,
    Description: item.description,
    InUse: item.isInUse,
    Shared: item.isShared,
    Size: item.bytes,
    CreatedAt: item.createdAt.toISOString(),
    LastUsedAt: new Date(item.lastUsedMs).toISOString(),
    UsageCount: item.nBuilds,
  };
}
