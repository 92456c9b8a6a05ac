/** What a build needs of the engine. */

import type { ImageConfig } from '../../core/oci/image-config.ts';
import type { Platform } from '../../core/oci/platform.ts';
import type { ImageLayers } from '../engine/images/image-layers.ts';
import type { Image, ImageStore, ImageTransfer } from '../engine/images/image-store.ts';
import type { Networking } from '../net/networking.ts';
import type { HostFacts } from '../oci-runtime/config.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import type { Leases } from '../store/leases.ts';
import type { CacheMounts } from './cache-mounts.ts';
import type { CacheStore } from './cache-store.ts';

export interface PullProgress {
  readonly bytes: number;
  readonly totalBytes: number;
}

/** Registries as a build sees them; absent in an engine without network. */
export interface BaseImages {
  /** Config and size of an image that is not local; undefined when there is none. */
  inspect(
    reference: string,
    platform: Platform,
    signal: AbortSignal,
  ): Promise<{ readonly digest: string; readonly config: ImageConfig; readonly bytes: number } | undefined>;
  pull(
    reference: string,
    platform: Platform,
    onProgress: (progress: PullProgress) => void,
    signal: AbortSignal,
  ): Promise<Image>;
}

export interface BuildParts {
  readonly snapshots: Snapshotter;
  readonly images: ImageStore;
  readonly leases: Leases;
  /** Layers of images, found by what they hold. */
  readonly layers: ImageLayers;
  /** The exact config of an image. */
  readonly configBytes: ImageTransfer['configBytes'];
  readonly cache: CacheStore;
  readonly mounts: CacheMounts;
  readonly networking: Networking;
  readonly registries?: BaseImages;
  readonly facts: HostFacts;
  readonly crun: string;
  /** Below /run: bundles, crun's state and secrets. */
  readonly runDir: string;
  /** On the engine's disk: downloads, archives sent as contexts. */
  readonly dataDir: string;
  /** A step's cgroup is `<parent>/build-<id>`. */
  readonly cgroupParent: string;
  readonly platform: Platform;
}
