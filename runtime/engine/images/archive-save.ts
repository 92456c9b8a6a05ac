/**
 * Writes what `docker save` of Docker 25 and newer writes: an OCI layout that has Docker's manifest.json as well, layers uncompressed, each blob once.
 * The same images give the same bytes.
 */

import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { digestHex, digestOf } from '../../../core/oci/digest.ts';
import { type Descriptor, MEDIA_TYPES } from '../../../core/oci/manifest.ts';
import {
  canonicalReference,
  familiarName,
  familiarReference,
  type Reference,
} from '../../../core/oci/reference.ts';
import type { TarEntry } from '../../../core/tar/entry.ts';
import { type NewTarMember, writeTar } from '../../../local/tar/writer.ts';
import type { Snapshotter } from '../../snapshots/snapshotter.ts';
import type { Image, ImageTransfer } from './image-store.ts';

export interface ImageToSave {
  readonly image: Pick<Image, 'id' | 'config' | 'snapshots'>;
  readonly references: readonly Reference[];
}

export interface SaveOptions {
  readonly images: readonly ImageToSave[];
  readonly store: Pick<ImageTransfer, 'configBytes'>;
  readonly snapshots: Snapshotter;
  /** The caller ends it. */
  readonly out: Writable;
  readonly signal: AbortSignal;
}

/** @throws what the snapshots or the stream throw; the archive is then torn */
export async function saveArchive(options: SaveOptions): Promise<void> {
  const archive = Readable.from(writeTar(members(options)), { objectMode: false });
  await pipeline(archive, options.out, { end: false, signal: options.signal });
}

interface ManifestRow {
  readonly Config: string;
  readonly RepoTags: readonly string[] | null;
  readonly Layers: readonly string[];
}

async function* members(options: SaveOptions): AsyncGenerator<NewTarMember, void, void> {
  const written = new Set<string>();
  const manifests: Descriptor[] = [];
  const rows: ManifestRow[] = [];
  yield directory('blobs');
  yield directory('blobs/sha256');
  for (const { image, references } of merged(options.images)) {
    const layers: Descriptor[] = [];
    for (const name of image.snapshots) {
      const { diffId, tarBytes } = await options.snapshots.layerInfo(name);
      layers.push({ mediaType: MEDIA_TYPES.ociLayer, digest: diffId, size: tarBytes });
      if (isFirst(written, diffId)) {
        yield { entry: entryOf(blobPath(diffId), tarBytes), content: options.snapshots.exportLayer(name) };
      }
    }
    const configBytes = await options.store.configBytes(image.id);
    const config = { mediaType: MEDIA_TYPES.ociConfig, digest: image.id, size: configBytes.length };
    if (isFirst(written, image.id)) yield file(blobPath(image.id), configBytes);
    const manifest = json({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociManifest, config, layers });
    const digest = digestOf(manifest);
    if (isFirst(written, digest)) yield file(blobPath(digest), manifest);
    const { os, architecture, variant } = image.config;
    const platform = { os, architecture, ...(variant === undefined ? {} : { variant }) };
    const descriptor = { mediaType: MEDIA_TYPES.ociManifest, digest, size: manifest.length, platform };
    manifests.push(...named(descriptor, references));
    const tags = references.map(familiarReference);
    rows.push({
      Config: blobPath(image.id),
      RepoTags: tags.length === 0 ? null : tags,
      Layers: layers.map((layer) => blobPath(layer.digest)),
    });
  }
  yield file('index.json', json({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests }));
  yield file('manifest.json', json(rows));
  yield file('oci-layout', json({ imageLayoutVersion: '1.0.0' }));
  const repositories = repositoriesOf(options.images);
  if (repositories !== undefined) yield file('repositories', json(repositories));
}

/** One entry per image, in the order asked, with all names asked for. */
function merged(images: readonly ImageToSave[]): readonly ImageToSave[] {
  const byId = new Map<string, ImageToSave>();
  for (const { image, references } of images) {
    const known = byId.get(image.id)?.references ?? [];
    const fresh = references.filter(
      (one) => !known.some((other) => canonicalReference(other) === canonicalReference(one)),
    );
    byId.set(image.id, { image, references: [...known, ...fresh] });
  }
  return [...byId.values()];
}

/** An index names an image by an annotation, so an image with two names is listed twice. */
function named(descriptor: Descriptor, references: readonly Reference[]): readonly Descriptor[] {
  if (references.length === 0) return [descriptor];
  return references.map((reference) => ({
    ...descriptor,
    annotations: {
      'io.containerd.image.name': canonicalReference(reference),
      'org.opencontainers.image.ref.name': reference.tag ?? '',
    },
  }));
}

/** For readers older than manifest.json: the topmost layer of each name. */
function repositoriesOf(
  images: readonly ImageToSave[],
): Readonly<Record<string, Record<string, string>>> | undefined {
  const repositories: Record<string, Record<string, string>> = {};
  for (const { image, references } of images) {
    const top = image.config.rootfs.diff_ids.at(-1);
    for (const reference of top === undefined ? [] : references) {
      const tags = (repositories[familiarName(reference)] ??= {});
      tags[reference.tag ?? 'latest'] = digestHex(top ?? image.id);
    }
  }
  return Object.keys(repositories).length === 0 ? undefined : repositories;
}

function isFirst(written: Set<string>, digest: string): boolean {
  if (written.has(digest)) return false;
  written.add(digest);
  return true;
}

function blobPath(digest: Image['id']): string {
  return `blobs/sha256/${digestHex(digest)}`;
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function file(path: string, content: Uint8Array): NewTarMember {
  return { entry: entryOf(path, content.length), content: [content] };
}

function entryOf(path: string, sizeBytes: number): TarEntry {
  return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, sizeBytes, mtimeNs: 0n };
}

function directory(path: string): NewTarMember {
  return { entry: { path, kind: 'dir', mode: 0o755, uid: 0, gid: 0, sizeBytes: 0, mtimeNs: 0n } };
}
