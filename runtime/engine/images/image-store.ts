/**
 * What the engine knows of images: config and manifest blobs, tags, and which snapshots hold the layers.
 * The image ID is the digest of the config; it is the same at build and after save/load.
 */

import type { Readable, Writable } from 'node:stream';

import type { ImageConfig } from '../../../core/oci/image-config.ts';
import type { Digest } from '../../../core/oci/digest.ts';
import type { ImageLayers } from './image-layers.ts';

export interface Image {
  readonly id: Digest;
  readonly config: ImageConfig;
  /** `repository:tag` in familiar form (`busybox:latest`, `localhost:5000/a:b`), sorted. */
  readonly tags: readonly string[];
  /** `repository@sha256:…`, known after a pull or push. */
  readonly repoDigests: readonly string[];
  /** Committed snapshots, lowest layer first; empty for an image without layers. */
  readonly snapshots: readonly string[];
  /** Sum over the layers. */
  readonly sizeBytes: number;
  readonly createdAt: Date;
}

export type RemovedImage = { readonly untagged: string } | { readonly deleted: string };

export interface RemoveOptions {
  /** Also when several repositories name the image. */
  readonly force: boolean;
  readonly prune: boolean;
  /** The name goes, the image stays. */
  readonly keepsImage?: boolean;
}

export interface ImageStore {
  /**
   * By tag, `name@digest`, ID or unique ID prefix (≥ 1 hex character).
   * @throws not-found in Docker's words (`No such image: x:latest`)
   */
  get(nameOrId: string): Promise<Image>;
  find(nameOrId: string): Promise<Image | undefined>;
  list(): Promise<readonly Image[]>;
  /** Of all images. */
  ids(): Promise<readonly Digest[]>;
  /** Registers a config over existing committed snapshots (lowest first). Its `rootfs.diff_ids` are filled in by the store. */
  create(config: ImageConfig, snapshots: readonly string[]): Promise<Image>;
  tag(id: Digest, reference: string): Promise<void>;
  /** Docker's rules for `rmi`: untag, and delete what nothing refers to. Answers what happened, in order. */
  remove(nameOrId: string, options: RemoveOptions): Promise<readonly RemovedImage[]>;
  /** `docker save` archives (v1.2 manifest.json) and OCI layouts, gzip or zstd compressed or not. */
  load(archive: Readable, onMessage: (text: string) => void, signal: AbortSignal): Promise<readonly Image[]>;
  /** One archive that is both a docker-save archive and an OCI layout; the caller ends the stream. */
  save(names: readonly string[], out: Writable, signal: AbortSignal): Promise<void>;
  /** A root filesystem tar becomes a one-layer image. */
  import(tar: Readable, config: ImageConfig, signal: AbortSignal): Promise<Image>;
}

/** What pulling and pushing need beyond `ImageStore`: exact bytes in, exact bytes out. */
export interface ImageTransfer {
  /** Layers of all images, found by what they hold. */
  readonly layers: ImageLayers;
  /**
   * Registers a config whose exact bytes came from elsewhere; its digest is the ID, whatever it holds. An image that is there already stays as it is.
   * The caller holds the snapshots by a lease of its own until this returns. @throws invalid-argument when `rootfs.diff_ids` are not those of the snapshots
   */
  register(configBytes: Uint8Array, snapshots: readonly string[]): Promise<Image>;
  /** The exact bytes whose digest is the ID. */
  configBytes(id: Digest): Promise<Uint8Array>;
  /** After a pull or push: `repository@sha256:…`. */
  addRepoDigest(id: Digest, reference: string): Promise<void>;
}
