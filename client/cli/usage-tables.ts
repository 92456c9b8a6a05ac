/** `naru system df -v`: four tables, or one object for `--format`, as docker 28.5.2 prints them. */

import type { CacheUsage, ImageUsage, UsageItems, VolumeUsage } from '../driver/engine/usage-items.ts';
import { containerListing } from './commands/ps.ts';
import { formatListing, type Listing, objectOf } from './listing.ts';
import { compileTemplate } from './template/template.ts';
import { toJson } from './template/value.ts';
import { formatAgo, formatBytes, formatLocalTime, formatPreciseBytes, shortId } from './units.ts';

/** @throws NaruError "invalid-argument" for a template that names what is not there */
export function formatUsage(items: UsageItems, format: string | undefined): string {
  if (format === undefined || format === 'table' || format === '') return formatTables(items);
  const whole = {
    Images: items.images.map((image) => objectOf(IMAGES.fields, image)),
    Containers: items.containers.map((container) => objectOf(CONTAINERS.fields, container)),
    Volumes: items.volumes.map((volume) => objectOf(VOLUMES.fields, volume)),
    BuildCache: items.buildCache.map((item) => objectOf(CACHE.fields, item)),
  };
  // Docker: no newline behind what a template gives.
  return format === 'json' ? `${toJson(whole)}\n` : compileTemplate(format)(whole);
}

function formatTables({ images, containers, volumes, buildCache }: UsageItems): string {
  // What an image has as well would not come free with the cache.
  const cacheBytes = buildCache.reduce((sum, { isShared, sizeBytes }) => sum + (isShared ? 0 : sizeBytes), 0);
  return [
    `Images space usage:\n\n${formatListing(IMAGES, images, {})}`,
    `Containers space usage:\n\n${formatListing(CONTAINERS, containers, {})}`,
    `Local Volumes space usage:\n\n${formatListing(VOLUMES, volumes, {})}`,
    `Build cache usage: ${formatPreciseBytes(cacheBytes)}\n\n${formatListing(CACHE, buildCache, {})}`,
  ].join('\n');
}

const NONE = '<none>';

/** Docker: an image stands here once, under the first of its names. */
function nameOf({ tags }: ImageUsage): readonly [repository: string, tag: string] {
  const [name] = tags;
  if (name === undefined) return [NONE, NONE];
  const at = name.lastIndexOf(':');
  return [name.slice(0, at), name.slice(at + 1)];
}

const IMAGES: Listing<ImageUsage> = {
  idOf: ({ id }) => id,
  columns: ['Repository', 'Tag', 'ID', 'CreatedSince', 'Size', 'SharedSize', 'UniqueSize', 'Containers'],
  fields: {
    Repository: { head: 'REPOSITORY', of: (image) => nameOf(image)[0] },
    Tag: { head: 'TAG', of: (image) => nameOf(image)[1] },
    ID: { head: 'IMAGE ID', of: ({ id }) => shortId(id) },
    CreatedSince: { head: 'CREATED', of: ({ createdAt }) => formatAgo(createdAt) },
    CreatedAt: { head: 'CREATED AT', of: ({ createdAt }) => formatLocalTime(createdAt) },
    Size: { head: 'SIZE', of: ({ sizeBytes }) => formatBytes(sizeBytes) },
    SharedSize: { head: 'SHARED SIZE', of: ({ sharedBytes }) => formatPreciseBytes(sharedBytes) },
    UniqueSize: {
      head: 'UNIQUE SIZE',
      of: ({ sizeBytes, sharedBytes }) => formatPreciseBytes(sizeBytes - sharedBytes),
    },
    Containers: { head: 'CONTAINERS', of: ({ nContainers }) => String(nContainers) },
  },
};

const BY_PS = containerListing(true, true);
const CONTAINERS: typeof BY_PS = {
  ...BY_PS,
  // The image is counted above.
  fields: {
    ...BY_PS.fields,
    Size: { head: 'SIZE', of: ({ writableBytes }) => formatBytes(Math.max(0, writableBytes)) },
  },
  columns: ['ID', 'Image', 'Command', 'LocalVolumes', 'Size', 'RunningFor', 'Status', 'Names'],
};

const VOLUMES: Listing<VolumeUsage> = {
  idOf: ({ name }) => name,
  columns: ['Name', 'Links', 'Size'],
  fields: {
    Name: { head: 'VOLUME NAME', of: ({ name }) => name },
    Links: { head: 'LINKS', of: ({ nContainers }) => String(nContainers) },
    Size: { head: 'SIZE', of: ({ sizeBytes }) => formatBytes(sizeBytes) },
    Driver: { head: 'DRIVER', of: ({ driver }) => driver },
    Mountpoint: { head: 'MOUNTPOINT', of: ({ mountpoint }) => mountpoint },
  },
};

const CACHE: Listing<CacheUsage> = {
  idOf: ({ id }) => id,
  columns: ['ID', 'CacheType', 'Size', 'CreatedSince', 'LastUsedSince', 'UsageCount', 'Shared'],
  fields: {
    // Docker: a star behind what is in use.
    ID: { head: 'CACHE ID', of: ({ id, isInUse }) => `${shortId(id)}${isInUse ? '*' : ''}` },
    CacheType: { head: 'CACHE TYPE', of: ({ type }) => type },
    Size: { head: 'SIZE', of: ({ sizeBytes }) => formatBytes(sizeBytes) },
    CreatedSince: { head: 'CREATED', of: ({ createdAt }) => formatAgo(createdAt) },
    LastUsedSince: { head: 'LAST USED', of: ({ lastUsedAt }) => formatAgo(lastUsedAt) },
    UsageCount: { head: 'USAGE', of: ({ nBuilds }) => String(nBuilds) },
    Shared: { head: 'SHARED', of: ({ isShared }) => String(isShared) },
    InUse: { head: 'IN USE', of: ({ isInUse }) => String(isInUse) },
    Description: { head: 'DESCRIPTION', of: ({ description }) => description },
  },
};
