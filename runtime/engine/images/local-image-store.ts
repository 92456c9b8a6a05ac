/**
 * The image store of this engine: configs and names in the metadata store, layers as snapshots.
 * An image holds its snapshots by the owner `image:<id>`; whoever else needs one holds it too (store/leases.ts).
 */

import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';

import { NaruError } from '../../../core/errors.ts';
import { decodeImageConfig } from '../../../core/oci/decode-image-config.ts';
import { type Digest, digestOf, parseDigest } from '../../../core/oci/digest.ts';
import type { ImageConfig } from '../../../core/oci/image-config.ts';
import {
  canonicalName,
  canonicalReference,
  familiarReference,
  parseReference,
  type Reference,
  withDefaultTag,
} from '../../../core/oci/reference.ts';
import { decompressed } from '../../../local/tar/decompress.ts';
import type { Snapshotter } from '../../snapshots/snapshotter.ts';
import { IMAGE_OWNER, type Leases, snapshotResource, TEMPORARY_OWNER } from '../../store/leases.ts';
import type { MetadataStore } from '../../store/metadata.ts';
import { loadArchive } from './archive-load.ts';
import { saveArchive } from './archive-save.ts';
import { ImageLayers, IMPORT_PREFIX } from './image-layers.ts';
import {
  familiarNames,
  imageOf,
  imagesOf,
  type ImageRecords,
  imageRecords,
  type ImageRow,
} from './image-records.ts';
import type { Image, ImageStore, ImageTransfer, RemovedImage, RemoveOptions } from './image-store.ts';

export interface LocalImageStoreOptions {
  readonly metadata: MetadataStore;
  readonly snapshots: Snapshotter;
  readonly leases: Leases;
  /** For archives being loaded; on the disk of the snapshots. Emptied by `recover`. */
  readonly stagingDirectory: string;
}

export class LocalImageStore implements ImageStore, ImageTransfer {
  readonly layers: ImageLayers;
  private readonly options: LocalImageStoreOptions;
  private readonly records: ImageRecords;

  constructor(options: LocalImageStoreOptions) {
    this.options = options;
    this.records = imageRecords(options.metadata);
    this.layers = new ImageLayers(options);
  }

  /** Removes what killed loads and imports left; to be awaited before anything else, after `leases.recover`. */
  async recover(): Promise<void> {
    await fs.rm(this.options.stagingDirectory, { recursive: true, force: true });
    await this.layers.recover();
  }

  async get(nameOrId: string): Promise<Image> {
    const image = await this.find(nameOrId);
    if (image !== undefined) return image;
    throw new NaruError('not-found', 'E_NO_SUCH_IMAGE', `No such image: ${shownName(nameOrId)}`);
  }

  async find(nameOrId: string): Promise<Image | undefined> {
    const row = this.row(nameOrId);
    return row === undefined ? undefined : imageOf(row, this.records);
  }

  async list(): Promise<readonly Image[]> {
    return imagesOf(this.records);
  }

  async ids(): Promise<readonly Digest[]> {
    return this.records.images.ids().map(parseDigest);
  }

  async create(config: ImageConfig, snapshots: readonly string[]): Promise<Image> {
    return await this.register(await this.layers.configBytes(config, snapshots), snapshots);
  }

  async register(configBytes: Uint8Array, snapshots: readonly string[]): Promise<Image> {
    const configText = Buffer.from(configBytes).toString('utf8');
    const id = digestOf(configBytes);
    if (digestOf(configText) !== id) throw wrongConfig('is not UTF-8');
    const config = decodeImageConfig(JSON.parse(configText));
    const infos = await this.layers.identify(snapshots);
    const promised = config.rootfs.diff_ids;
    if (promised.length !== infos.length || infos.some(({ diffId }, index) => diffId !== promised[index])) {
      throw wrongConfig('does not name the layers it is given');
    }
    const sizeBytes = infos.reduce((sum, info) => sum + info.sizeBytes, 0);
    const row = this.options.metadata.transaction(() => {
      const known = this.records.images.get(id);
      if (known !== undefined) return known;
      const made: ImageRow = { id, configText, snapshots, sizeBytes };
      this.records.images.put(id, made);
      for (const name of snapshots) this.options.leases.hold(ownerOf(id), snapshotResource(name));
      return made;
    });
    return imageOf(row, this.records);
  }

  async configBytes(id: Digest): Promise<Uint8Array> {
    return Buffer.from(this.requireRow(id).configText);
  }

  async tag(id: Digest, reference: string): Promise<void> {
    const parsed = withDefaultTag(parseReference(reference));
    if (parsed.digest !== undefined) {
      throw new NaruError(
        'invalid-argument',
        'E_REFERENCE',
        'refusing to create a tag with a digest reference',
      );
    }
    this.setTag(id, parsed);
  }

  async addRepoDigest(id: Digest, reference: string): Promise<void> {
    const { tag: _, ...parsed } = parseReference(reference);
    if (parsed.digest === undefined) {
      throw new NaruError('internal', 'E_REFERENCE', `reference ${JSON.stringify(reference)} has no digest`);
    }
    this.requireRow(id);
    const canonical = canonicalReference(parsed);
    this.records.repoDigests.put(canonical, { reference: canonical, image: id });
  }

  async remove(nameOrId: string, { force, keepsImage }: RemoveOptions): Promise<readonly RemovedImage[]> {
    const { id } = await this.get(nameOrId);
    const row = this.requireRow(id);
    const named = this.namedBy(nameOrId);
    const untagged = named === undefined ? this.untagAll(row, force) : this.untagOne(row, named);
    const rows: RemovedImage[] = untagged.map((name) => ({ untagged: name }));
    if (keepsImage === true || this.records.tags.where('image', row.id).length > 0) return rows;
    if (this.records.repoDigests.where('image', row.id).length > 0) return rows;
    return [...rows, ...(await this.delete(row)).map((digest) => ({ deleted: digest }))];
  }

  async load(
    archive: Readable,
    onMessage: (text: string) => void,
    signal: AbortSignal,
  ): Promise<readonly Image[]> {
    const owner = temporaryOwner('load');
    const { layers, options } = this;
    try {
      const found = await loadArchive({ archive, layers, owner, staging: options.stagingDirectory, signal });
      const images: Image[] = [];
      for (const { configBytes, snapshots, references } of found) {
        const { id } = await this.register(configBytes, snapshots);
        for (const reference of references) this.nameLoaded(id, reference, onMessage);
        if (references.length === 0) onMessage(`Loaded image ID: ${id}\n`);
        images.push(await this.get(id));
      }
      return images;
    } finally {
      options.leases.release(owner);
    }
  }

  async save(names: readonly string[], out: Writable, signal: AbortSignal): Promise<void> {
    const images = await Promise.all(names.map(async (name) => await this.toSave(name)));
    await saveArchive({ images, store: this, snapshots: this.options.snapshots, out, signal });
  }

  async import(tar: Readable, config: ImageConfig, signal: AbortSignal): Promise<Image> {
    const owner = temporaryOwner('import');
    const { leases, snapshots } = this.options;
    const name = `${IMPORT_PREFIX}${randomUUID()}`;
    leases.hold(owner, snapshotResource(name));
    try {
      const layer = Readable.from(decompressed(tar), { objectMode: false });
      const { diffId } = await snapshots.applyLayer(name, undefined, layer, signal);
      const known = await this.layers.find([diffId], owner);
      const image = await this.create(config, [known ?? name]);
      if (known !== undefined) await snapshots.remove(name);
      return image;
    } finally {
      leases.release(owner);
    }
  }

  /** Docker: names before IDs; a name without tag means `latest`. */
  private row(nameOrId: string): ImageRow | undefined {
    const named = this.namedBy(nameOrId);
    if (named !== undefined) return this.records.images.get(named.image);
    const hex = nameOrId.startsWith('sha256:') ? nameOrId.slice(7) : nameOrId;
    if (!/^[0-9a-f]{1,64}$/.test(hex)) return undefined;
    if (hex.length === 64) return this.records.images.get(`sha256:${hex}`);
    const found = this.records.images.ids().filter((id) => id.startsWith(`sha256:${hex}`));
    return found.length === 1 ? this.records.images.get(found[0] ?? '') : undefined;
  }

  private namedBy(name: string): { readonly image: string; readonly reference: Reference } | undefined {
    const reference = parsedIfName(name);
    if (reference === undefined) return undefined;
    const { tag: _, ...untagged } = reference;
    const found =
      reference.digest === undefined
        ? this.records.tags.get(canonicalReference(withDefaultTag(reference)))
        : this.records.repoDigests.get(canonicalReference(untagged));
    return found === undefined
      ? undefined
      : { image: found.image, reference: parseReference(found.reference) };
  }

  /** Docker: digests of a repository go with its last tag. @returns familiar names, in the order they went */
  private untagOne(row: ImageRow, { reference }: { readonly reference: Reference }): readonly string[] {
    const repository = canonicalName(reference);
    return this.options.metadata.transaction(() => {
      if (reference.digest !== undefined) {
        this.records.repoDigests.delete(canonicalReference(reference));
        return [familiarReference(reference)];
      }
      this.records.tags.delete(canonicalReference(reference));
      const inRepository = (name: { readonly reference: string }): boolean =>
        canonicalName(parseReference(name.reference)) === repository;
      if (this.records.tags.where('image', row.id).some(inRepository)) return [familiarReference(reference)];
      const digests = this.records.repoDigests.where('image', row.id).filter(inRepository);
      for (const digest of digests) this.records.repoDigests.delete(digest.reference);
      return [familiarReference(reference), ...familiarNames(digests)];
    });
  }

  /** By ID. @throws conflict when several repositories name the image and `force` is not given */
  private untagAll(row: ImageRow, force: boolean): readonly string[] {
    const tags = this.records.tags.where('image', row.id);
    const digests = this.records.repoDigests.where('image', row.id);
    const repositories = new Set(
      [...tags, ...digests].map(({ reference }) => canonicalName(parseReference(reference))),
    );
    if (!force && (tags.length > 1 || repositories.size > 1)) {
      const text = `conflict: unable to delete ${row.id.slice(7, 19)} (must be forced) - image is referenced in multiple repositories`;
      throw new NaruError('conflict', 'E_IMAGE_REFERENCED', text);
    }
    this.options.metadata.transaction(() => {
      for (const { reference } of tags) this.records.tags.delete(reference);
      for (const { reference } of digests) this.records.repoDigests.delete(reference);
    });
    return [...familiarNames(tags), ...familiarNames(digests)];
  }

  /** The image and the layers nobody else uses. @returns what went, as Docker lists it */
  private async delete(row: ImageRow): Promise<readonly string[]> {
    this.options.metadata.transaction(() => {
      this.records.images.delete(row.id);
      this.options.leases.release(ownerOf(row.id));
    });
    return [row.id, ...(await this.layers.removeUnused(row.snapshots))];
  }

  private setTag(id: Digest, reference: Reference): void {
    this.requireRow(id);
    const canonical = canonicalReference(reference);
    this.records.tags.put(canonical, { reference: canonical, image: id });
  }

  private nameLoaded(id: Digest, reference: Reference, onMessage: (text: string) => void): void {
    const name = familiarReference(reference);
    const before = this.records.tags.get(canonicalReference(reference))?.image;
    if (before !== undefined && before !== id) {
      onMessage(`The image ${name} already exists, renaming the old one with ID ${before} to empty string\n`);
    }
    this.setTag(id, reference);
    onMessage(`Loaded image: ${name}\n`);
  }

  /** Docker: a repository without tag saves all its tags; an ID saves none. */
  private async toSave(
    name: string,
  ): Promise<{ readonly image: Image; readonly references: readonly Reference[] }> {
    const reference = parsedIfName(name);
    const isNameOnly =
      reference !== undefined && reference.tag === undefined && reference.digest === undefined;
    const image = await this.get(name);
    const named = this.namedBy(name);
    if (named === undefined) return { image, references: [] };
    if (!isNameOnly) return { image, references: named.reference.tag === undefined ? [] : [named.reference] };
    const inRepository = this.records.tags
      .where('image', image.id)
      .map((row) => parseReference(row.reference))
      .filter((tag) => canonicalName(tag) === canonicalName(reference));
    return { image, references: inRepository };
  }

  private requireRow(id: Digest): ImageRow {
    const row = this.records.images.get(id);
    if (row !== undefined) return row;
    throw new NaruError('not-found', 'E_NO_SUCH_IMAGE', `No such image: ${id}`);
  }
}

function ownerOf(id: Digest): string {
  return `${IMAGE_OWNER}${id}`;
}

function temporaryOwner(work: string): string {
  return `${TEMPORARY_OWNER}${work}-${randomUUID()}`;
}

/** Undefined for anything that cannot be a name, such as a whole ID. */
function parsedIfName(text: string): Reference | undefined {
  try {
    return text.startsWith('sha256:') ? undefined : parseReference(text);
  } catch {
    return undefined;
  }
}

/** Docker names what it looked for: `x:latest` for `x`. */
function shownName(nameOrId: string): string {
  const reference = parsedIfName(nameOrId);
  return reference === undefined ? nameOrId : familiarReference(withDefaultTag(reference));
}

function wrongConfig(what: string): NaruError {
  return new NaruError('invalid-argument', 'E_IMAGE_CONFIG', `image config ${what}`);
}
