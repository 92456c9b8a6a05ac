/** The rows of images, tags and digests in the metadata store. A tag or digest is a row of its own, so that moving one is one write. */

import { decodeImageConfig } from '../../../core/oci/decode-image-config.ts';
import { type Digest, parseDigest } from '../../../core/oci/digest.ts';
import type { ImageConfig } from '../../../core/oci/image-config.ts';
import { familiarReference, parseReference } from '../../../core/oci/reference.ts';
import type { Collection, MetadataStore } from '../../store/metadata.ts';
import type { Image } from './image-store.ts';

/** One image; keyed by its ID. */
export interface ImageRow {
  readonly id: Digest;
  /** The exact text of the config: its digest is the ID. */
  readonly configText: string;
  /** Lowest first. */
  readonly snapshots: readonly string[];
  readonly sizeBytes: number;
}

/** Which image a canonical reference (`docker.io/library/busybox:latest`, `…@sha256:…`) names. */
export interface NameRow {
  readonly reference: string;
  readonly image: string;
}

export interface ImageRecords {
  readonly images: Collection<ImageRow>;
  readonly tags: Collection<NameRow>;
  readonly repoDigests: Collection<NameRow>;
}

export function imageRecords(metadata: MetadataStore): ImageRecords {
  const asName = (value: unknown): NameRow => value as NameRow; // only this module's users write these kinds
  return {
    images: metadata.collection('image', decodeImageRow),
    tags: metadata.collection('image-tag', asName),
    repoDigests: metadata.collection('image-digest', asName),
  };
}

/** The image as the engine shows it. */
export function imageOf(row: ImageRow, { tags, repoDigests }: ImageRecords): Image {
  return shown(row, tags.where('image', row.id), repoDigests.where('image', row.id));
}

/** All of them, by ID. The names are read once, not for each. */
export function imagesOf({ images, tags, repoDigests }: ImageRecords): readonly Image[] {
  const tagsOf = byImage(tags.all());
  const digestsOf = byImage(repoDigests.all());
  return images.all().map((row) => shown(row, tagsOf.get(row.id) ?? [], digestsOf.get(row.id) ?? []));
}

function byImage(rows: readonly NameRow[]): ReadonlyMap<string, readonly NameRow[]> {
  const found = new Map<string, NameRow[]>();
  for (const row of rows) {
    const known = found.get(row.image);
    if (known === undefined) found.set(row.image, [row]);
    else known.push(row);
  }
  return found;
}

function shown(row: ImageRow, tags: readonly NameRow[], repoDigests: readonly NameRow[]): Image {
  const config = decodeImageConfig(JSON.parse(row.configText));
  return {
    id: row.id,
    config,
    tags: familiarNames(tags),
    repoDigests: familiarNames(repoDigests),
    snapshots: row.snapshots,
    sizeBytes: row.sizeBytes,
    createdAt: createdAt(config),
  };
}

/** Familiar form, sorted. */
export function familiarNames(rows: readonly NameRow[]): readonly string[] {
  return rows.map(({ reference }) => familiarReference(parseReference(reference))).sort();
}

function decodeImageRow(value: unknown): ImageRow {
  const row = value as ImageRow; // only the image store writes this kind
  return { ...row, id: parseDigest(row.id) };
}

/** The epoch for configs that don't say. */
function createdAt(config: ImageConfig): Date {
  const time = Date.parse(config.created ?? '');
  return new Date(Number.isNaN(time) ? 0 : time);
}
