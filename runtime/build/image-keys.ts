/** Which image a cache key stands for. An engine may have thousands, and a build asks often: an ID names one config for good, so that each is read once. */

import { imageKey } from '../../core/build/cache-key.ts';
import type { Digest } from '../../core/oci/digest.ts';
import { normalizePlatform } from '../../core/oci/platform.ts';
import type { Image, ImageStore } from '../engine/images/image-store.ts';

export class ImageKeys {
  readonly #images: Pick<ImageStore, 'ids' | 'find'>;
  #keys: ReadonlyMap<Digest, Digest> = new Map();

  constructor(images: Pick<ImageStore, 'ids' | 'find'>) {
    this.#images = images;
  }

  /** The topmost snapshots of all images that have the key: files that are the same. */
  async topsOf(key: Digest): Promise<readonly string[]> {
    const found: string[] = [];
    for (const [id, known] of await this.#known()) {
      const top = known === key ? (await this.#images.find(id))?.snapshots.at(-1) : undefined;
      if (top !== undefined) found.push(top);
    }
    return found;
  }

  /** Of the images that are there now. */
  async #known(): Promise<ReadonlyMap<Digest, Digest>> {
    const keys = new Map<Digest, Digest>();
    for (const id of await this.#images.ids()) {
      const key = this.#keys.get(id) ?? keyOf(await this.#images.find(id));
      if (key !== undefined) keys.set(id, key);
    }
    this.#keys = keys;
    return keys;
  }
}

function keyOf(image: Image | undefined): Digest | undefined {
  if (image === undefined) return undefined;
  const { os, architecture, variant, rootfs } = image.config;
  const platform = normalizePlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) });
  return imageKey(rootfs.diff_ids, platform);
}
