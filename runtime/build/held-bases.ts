/** The images one build starts from and copies from: held from when they are looked up, so that it does not matter who removes them meanwhile. */

import { absentImage } from '../../core/build/absent-image.ts';
import { isBaseFor } from '../../core/build/base-platform.ts';
import type { ImageOp, ResolvedImage } from '../../core/build/ops.ts';
import { NaruError } from '../../core/errors.ts';
import type { Digest } from '../../core/oci/digest.ts';
import type { Platform } from '../../core/oci/platform.ts';
import type { Image } from '../engine/images/image-store.ts';
import type { BuildParts, PullProgress } from './build-parts.ts';
import { findBase } from './find-base.ts';
import { remoteImage, storedImage } from './resolved-images.ts';

export interface HeldBases {
  /** What the store has for the platform, else what a registry says; without one, what the store has. `--pull` means nothing where there is no registry. @throws not-found */
  resolve(reference: string, platform: Platform): Promise<ResolvedImage>;
  /** The topmost snapshot of an image that was resolved, pulled where it is not here; undefined for one without layers. @throws not-found */
  snapshot(op: ImageOp): Promise<string | undefined>;
}

export interface HeldBasesOptions {
  readonly pulls: boolean;
  /** Keeps a snapshot for as long as the build runs. */
  readonly hold: (snapshot: string) => void;
  readonly onPull: (reference: string, progress: PullProgress) => void;
  readonly signal: AbortSignal;
}

/** One per build. */
export function openBases(
  parts: Pick<BuildParts, 'images' | 'snapshots' | 'registries'>,
  { pulls, hold, onPull, signal }: HeldBasesOptions,
): HeldBases {
  const { images, snapshots, registries } = parts;
  const held = new Map<Digest, Image>();
  /** Held before it is looked at. */
  async function isHeld(image: Image): Promise<boolean> {
    const top = image.snapshots.at(-1);
    if (top === undefined) return true;
    hold(top);
    return (await snapshots.stat(top)) !== undefined;
  }
  async function resolveLocal(reference: string, platform: Platform): Promise<Image | undefined> {
    const image = pulls && registries !== undefined ? undefined : await findBase(images, reference);
    if (image === undefined || !(await isHeld(image))) return undefined;
    if (registries !== undefined && !isBaseFor(platform, image.config)) return undefined;
    held.set(image.id, image);
    return image;
  }
  return {
    resolve: async (reference, platform) => {
      const local = await resolveLocal(reference, platform);
      if (local !== undefined) return storedImage(reference, local);
      const remote = await registries?.inspect(reference, platform, signal);
      if (remote === undefined) throw absentImage(reference);
      return remoteImage(reference, remote);
    },
    snapshot: async ({ image, reference, platform }) => {
      const known = image === undefined ? undefined : held.get(image.digest);
      if (known !== undefined) return known.snapshots.at(-1);
      const onProgress = (progress: PullProgress): void => onPull(reference, progress);
      const pulled = await registries?.pull(reference, platform, onProgress, signal);
      if (pulled === undefined || (await isHeld(pulled))) return pulled?.snapshots.at(-1);
      throw new NaruError('not-found', 'E_NO_IMAGE', `image ${reference} was removed while it was built on`, {
        hint: 'load it again, and build again',
      });
    },
  };
}
