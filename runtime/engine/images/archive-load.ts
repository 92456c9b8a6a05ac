/**
 * What `docker load` reads: docker-save archives by their manifest.json (image-spec of Docker v1.2 and newer), OCI layouts by their index.json.
 * Where an archive is both, manifest.json counts, as in dockerd without the containerd store.
 */

import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { NaruError } from '../../../core/errors.ts';
import { decodeImageConfig } from '../../../core/oci/decode-image-config.ts';
import { type Digest, digestHex, digestOf } from '../../../core/oci/digest.ts';
import {
  decodeIndex,
  decodeManifest,
  type Descriptor,
  isIndexType,
  parseJson,
} from '../../../core/oci/manifest.ts';
import { normalizePlatform } from '../../../core/oci/platform.ts';
import { parseReference, type Reference, withDefaultTag } from '../../../core/oci/reference.ts';
import { decompressed } from '../../../local/tar/decompress.ts';
import { machinePlatform } from '../../host/machine-platform.ts';
import { type StagedArchive, stageArchive } from './archive-staging.ts';
import type { ImageLayers } from './image-layers.ts';

export interface LoadOptions {
  readonly archive: Readable;
  readonly layers: ImageLayers;
  /** Holds the snapshots that were found or made. */
  readonly owner: string;
  /** Directory for the unpacked archive; what is made in it is removed. */
  readonly staging: string;
  readonly signal: AbortSignal;
}

export interface LoadedImage {
  readonly configBytes: Uint8Array;
  /** Lowest first. */
  readonly snapshots: readonly string[];
  readonly references: readonly Reference[];
}

/** Images in the archive's order, their layers extracted. @throws NaruError "invalid-argument" for archives that are not what they say */
export async function loadArchive(options: LoadOptions): Promise<readonly LoadedImage[]> {
  const directory = join(options.staging, `load-${randomUUID()}`);
  try {
    const staged = await stageArchive(options.archive, directory, options.signal);
    const found = staged.has('manifest.json') ? await dockerImages(staged) : await ociImages(staged);
    const images: LoadedImage[] = [];
    for (const image of found) images.push(await extract(image, staged, options));
    return images;
  } finally {
    await fs.rm(directory, { recursive: true, force: true });
  }
}

/** Paths of members of the archive. */
interface ArchivedImage {
  readonly configPath: string;
  readonly configDigest?: Digest;
  readonly layerPaths: readonly string[];
  readonly references: readonly Reference[];
}

const MAX_JSON_BYTES = 16 * 1024 * 1024;

async function dockerImages(staged: StagedArchive): Promise<readonly ArchivedImage[]> {
  const rows = await readJson(staged, 'manifest.json');
  if (!Array.isArray(rows)) throw wrong('manifest.json must be a list');
  return rows.map((row: unknown, index) => {
    const { Config, Layers, RepoTags } = asRecord(row, `manifest.json[${index}]`);
    if (typeof Config !== 'string') throw wrong(`manifest.json[${index}].Config must be a string`);
    return {
      configPath: Config,
      layerPaths: strings(Layers, `manifest.json[${index}].Layers`),
      references: strings(RepoTags, `manifest.json[${index}].RepoTags`).map((tag) =>
        withDefaultTag(parseReference(tag)),
      ),
    };
  });
}

async function ociImages(staged: StagedArchive): Promise<readonly ArchivedImage[]> {
  if (!staged.has('index.json')) throw wrong('it has neither manifest.json nor index.json');
  const { manifests } = decodeIndex(await readJson(staged, 'index.json'), 'index.json');
  const images = new Map<string, ArchivedImage>();
  for (const descriptor of manifests) {
    for (const image of await imagesBehind(staged, descriptor)) {
      const references = [...(images.get(image.configPath)?.references ?? []), ...namesOf(descriptor)];
      images.set(image.configPath, { ...image, references });
    }
  }
  return [...images.values()];
}

/** A manifest is one image; an index is the one for this machine, or the only one it has. */
async function imagesBehind(
  staged: StagedArchive,
  descriptor: Descriptor,
): Promise<readonly ArchivedImage[]> {
  const what = `manifest ${descriptor.digest}`;
  const value = parseJson((await readBlob(staged, descriptor.digest)).toString('utf8'), what);
  if (!isIndexType(descriptor.mediaType)) {
    const { config, layers } = decodeManifest(value, what);
    const layerPaths = layers.map(({ digest }) => blobPath(digest));
    return [{ configPath: blobPath(config.digest), configDigest: config.digest, layerPaths, references: [] }];
  }
  const present = decodeIndex(value, what).manifests.filter(
    (manifest) => staged.has(blobPath(manifest.digest)) && manifest.platform?.os !== 'unknown',
  );
  const chosen = present.find(isForThisMachine) ?? (present.length === 1 ? present[0] : undefined);
  if (chosen === undefined) throw wrong(`${what} has no image for this machine`);
  return await imagesBehind(staged, chosen);
}

function isForThisMachine({ platform }: Descriptor): boolean {
  if (platform === undefined) return false;
  const { os, architecture } = normalizePlatform(platform);
  const machine = machinePlatform();
  return os === machine.os && architecture === machine.architecture;
}

/** containerd's annotation holds the whole name; the standard one often only the tag, which names nothing by itself. */
function namesOf({ annotations }: Descriptor): readonly Reference[] {
  const name =
    annotations?.['io.containerd.image.name'] ?? annotations?.['org.opencontainers.image.ref.name'];
  if (name === undefined || !/[/:]/.test(name)) return [];
  const { digest: _, ...reference } = withDefaultTag(parseReference(name));
  return reference.tag === undefined ? [] : [reference];
}

async function extract(
  image: ArchivedImage,
  staged: StagedArchive,
  options: LoadOptions,
): Promise<LoadedImage> {
  const configBytes = await staged.read(image.configPath, MAX_JSON_BYTES);
  if (image.configDigest !== undefined && digestOf(configBytes) !== image.configDigest) {
    throw wrong(`config ${image.configDigest} has another digest`);
  }
  const diffIds = decodeImageConfig(parseJson(configBytes.toString('utf8'), image.configPath)).rootfs
    .diff_ids;
  if (diffIds.length !== image.layerPaths.length) {
    throw wrong(`layers length mismatch: expected ${diffIds.length}, got ${image.layerPaths.length}`);
  }
  const snapshots: string[] = [];
  for (const [index, diffId] of diffIds.entries()) {
    const path = image.layerPaths[index] ?? '';
    const open = (): Readable => Readable.from(decompressed(staged.stream(path)), { objectMode: false });
    const { owner, signal } = options;
    const below = diffIds.slice(0, index);
    snapshots.push(
      await options.layers.ensure({ below, diffId, parent: snapshots.at(-1), open, owner, signal }),
    );
  }
  return { configBytes, snapshots, references: image.references };
}

async function readBlob(staged: StagedArchive, digest: Digest): Promise<Buffer> {
  const bytes = await staged.read(blobPath(digest), MAX_JSON_BYTES);
  if (digestOf(bytes) !== digest) throw wrong(`blob ${digest} has another digest`);
  return bytes;
}

async function readJson(staged: StagedArchive, path: string): Promise<unknown> {
  return parseJson((await staged.read(path, MAX_JSON_BYTES)).toString('utf8'), path);
}

function blobPath(digest: Digest): string {
  return `blobs/sha256/${digestHex(digest)}`;
}

function strings(value: unknown, what: string): readonly string[] {
  const list: unknown = value ?? [];
  if (Array.isArray(list) && list.every((item) => typeof item === 'string')) return list;
  throw wrong(`${what} must be a list of strings`);
}

function asRecord(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>; // a JSON object
  throw wrong(`${what} must be an object`);
}

function wrong(what: string): NaruError {
  return new NaruError('invalid-argument', 'E_IMAGE_ARCHIVE', `invalid image archive: ${what}`);
}
