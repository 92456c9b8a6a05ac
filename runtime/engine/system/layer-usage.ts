/** What layers take on disk, each counted once however many images have it. */

import type { Snapshotter } from '../../snapshots/snapshotter.ts';
import type { Image } from '../images/image-store.ts';

/** Bytes of all committed snapshots that count. */
export async function layersBytes(
  snapshots: Snapshotter,
  counts: (snapshot: string) => boolean,
): Promise<number> {
  let sum = 0;
  for (const { name, state } of await snapshots.list())
    if (state === 'committed' && counts(name)) sum += await bytesOf(snapshots, name);
  return sum;
}

/** For each of the images: bytes of the layers that another of them has as well. */
export async function sharedLayers(
  images: readonly Image[],
  snapshots: Snapshotter,
): Promise<(image: Image) => number> {
  const nImages = new Map<string, number>();
  for (const image of images)
    for (const name of image.snapshots) nImages.set(name, (nImages.get(name) ?? 0) + 1);
  const bytes = new Map<string, number>();
  for (const [name, n] of nImages) if (n > 1) bytes.set(name, await bytesOf(snapshots, name));
  return (image) => image.snapshots.reduce((sum, name) => sum + (bytes.get(name) ?? 0), 0);
}

/** What is removed meanwhile takes nothing. */
async function bytesOf(snapshots: Snapshotter, name: string): Promise<number> {
  return await snapshots.usageBytes(name).catch(() => 0);
}
