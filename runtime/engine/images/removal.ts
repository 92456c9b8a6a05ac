/** Removing images with regard to the containers made from them, in Docker's words (moby daemon/images/image_delete.go). */

import { NaruError } from '../../../core/errors.ts';
import type { Snapshotter } from '../../snapshots/snapshotter.ts';
import type { Containers } from '../containers/containers.ts';
import type { ContainerDetail } from '../containers/requests.ts';
import type { Image, ImageStore } from './image-store.ts';

export type RemovedImage = { readonly untagged: string } | { readonly deleted: string };

export interface PruneParts {
  readonly images: ImageStore;
  readonly containers: Containers;
  readonly snapshots: Snapshotter;
}

export interface RemoveImageOptions {
  readonly force: boolean;
  readonly prune: boolean;
}

/**
 * `docker rmi`. Removing one of several tags only untags.
 * @throws conflict when a container uses the image: a stopped one yields to `force`; of what a running one uses only a name can be taken
 */
export async function removeImage(
  images: ImageStore,
  containers: Containers,
  name: string,
  options: RemoveImageOptions,
): Promise<readonly RemovedImage[]> {
  const image = await images.get(name);
  const isById = isIdOf(image, name);
  if (isById || image.tags.length <= 1) {
    const users = (await containers.list({ all: true })).filter(({ imageId }) => imageId === image.id);
    const running = users.find(({ state }) => isAlive(state.status));
    // Docker: what runs keeps the image, not its name (28.5.2, measured).
    if (!isById && options.force && running !== undefined)
      return images.remove(name, { ...options, keepsImage: true });
    const blocking = running ?? (options.force ? undefined : users.at(0));
    if (blocking !== undefined) throw inUse(image, name, blocking, isById);
  }
  return images.remove(name, options);
}

/**
 * Removes those of the candidates that no container uses; what is referenced otherwise is left.
 * Layers that another image, a container or the build cache keeps take their space on, and count as nothing.
 */
export async function pruneImages(
  { images, containers, snapshots }: PruneParts,
  candidates: readonly Image[],
): Promise<{ readonly removed: readonly RemovedImage[]; readonly reclaimedBytes: number }> {
  const used = new Set((await containers.list({ all: true })).map(({ imageId }) => imageId));
  const removed: RemovedImage[] = [];
  const layers = new Map<string, number>();
  for (const image of candidates) {
    if (used.has(image.id)) continue;
    for (const name of image.snapshots) layers.set(name, await snapshots.usageBytes(name).catch(() => 0));
    const names = image.tags.length === 0 ? [image.id] : image.tags;
    for (const name of names) removed.push(...(await images.remove(name, { force: false, prune: true })));
  }
  let reclaimedBytes = 0;
  for (const [name, bytes] of layers) if ((await snapshots.stat(name)) === undefined) reclaimedBytes += bytes;
  return { removed, reclaimedBytes };
}

function isIdOf(image: Image, name: string): boolean {
  const hex = name.startsWith('sha256:') ? name.slice(7) : name;
  return (
    /^[0-9a-f]+$/.test(hex) && image.id.slice(7).startsWith(hex) && !image.tags.includes(`${name}:latest`)
  );
}

function isAlive(status: ContainerDetail['state']['status']): boolean {
  return status === 'running' || status === 'paused' || status === 'restarting';
}

function inUse(image: Image, name: string, user: ContainerDetail, isById: boolean): NaruError {
  const isRunning = isAlive(user.state.status);
  const how = isRunning ? 'cannot be forced' : 'must be forced';
  const state = isRunning ? 'running' : 'stopped';
  const shortId = image.id.slice(7, 19);
  const text = isById
    ? `conflict: unable to delete ${shortId} (${how}) - image is being used by ${state} container ${user.id.slice(0, 12)}`
    : `conflict: unable to remove repository reference "${name}" (must force) - container ${user.id.slice(0, 12)} is using its referenced image ${shortId}`;
  return new NaruError('conflict', 'E_IMAGE_IN_USE', text);
}
