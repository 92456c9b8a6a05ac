/**
 * A build cache in a directory: an OCI layout, as BuildKit's `type=local` writes one. Layers are uncompressed tars named by diffID,
 * the config blob is a CarriedCache, and `index.json` names the manifest of each tag.
 * The index is replaced last, so that a reader, or who comes after kill -9, finds the old cache or the new one.
 */

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { CarriedCache } from '../../../core/build/carried-cache.ts';
import { NaruError } from '../../../core/errors.ts';
import { type Digest, digestHex, digestOf, parseDigest } from '../../../core/oci/digest.ts';
import {
  decodeIndex,
  decodeManifest,
  type Descriptor,
  type Index,
  type Manifest,
  MEDIA_TYPES,
  parseJson,
} from '../../../core/oci/manifest.ts';
import { CACHE_FILE, decodeCarriedCache } from '../../../core/protocol/cache-carry.ts';
import { makeFolder } from '../../../local/make-folder.ts';
import { readMember, readTar } from '../../../local/tar/reader.ts';

const CACHE_CONFIG_TYPE = 'application/vnd.naru.cache.config.v1+json';
export const DEFAULT_TAG = 'latest';

export interface CacheDirectory {
  /** The JSON of a CarriedCache, checked against its digest. */
  readonly bytes: Uint8Array;
  /** Files of the layers that are there in full size; who uses one checks its digest. */
  readonly layers: ReadonlyMap<Digest, string>;
}

const TAG = 'org.opencontainers.image.ref.name';
const MAX_JSON_BYTES = 512 * 1024 * 1024;

/** @throws NaruError "invalid-argument" E_CACHE_DIRECTORY saying what is wrong with it */
export async function readCacheDirectory(directory: string, tag: string): Promise<CacheDirectory> {
  const index = await readIndex(directory);
  const descriptor = index?.manifests.find(({ annotations }) => annotations?.[TAG] === tag);
  if (descriptor === undefined) {
    const isThere = await fs.stat(directory).then(
      (found) => found.isDirectory(),
      () => false,
    );
    const what = isThere ? `it has no build cache called ${tag}` : 'there is no such folder';
    throw wrong(directory, what);
  }
  const { config, layers } = await readManifest(directory, descriptor);
  if (config.mediaType !== CACHE_CONFIG_TYPE) throw wrong(directory, 'it is the cache of another builder');
  const bytes = await readBlob(directory, config);
  const found = new Map<Digest, string>();
  for (const { digest, size } of layers) {
    const path = blobPath(directory, digest);
    if ((await sizeOf(path)) === size) found.set(digest, path);
  }
  return { bytes, layers: found };
}

/** Layers that need not be sent: those of the directory itself. None when there is no cache, or no good one. */
export async function layersIn(directory: string, tag: string): Promise<ReadonlyMap<Digest, string>> {
  return await readCacheDirectory(directory, tag).then(
    ({ layers }) => layers,
    () => new Map<Digest, string>(),
  );
}

/**
 * Takes the tar of a build in (core/protocol/cache-carry.ts), opened once the directory is there. Layers it leaves out are taken from `others` where they are not here yet.
 * What the earlier cache of the same tag alone had is removed.
 *
 * @throws NaruError "invalid-argument" for a tar that is not what it says; what the file system throws
 */
export async function writeCacheDirectory(
  directory: string,
  tag: string,
  open: () => Promise<AsyncIterable<Uint8Array>>,
  others: ReadonlyMap<Digest, string>,
): Promise<void> {
  makeFolder(join(directory, 'blobs', 'sha256'));
  let cache: Uint8Array | undefined;
  for await (const member of readTar(await open())) {
    if (member.entry.path === CACHE_FILE) cache = await readMember(member, MAX_JSON_BYTES);
    else await writeBlob(directory, member.content, parseDigest(`sha256:${member.entry.path}`));
  }
  if (cache === undefined) throw wrong(directory, 'the engine sent no cache');
  const { records } = decodeCarriedCache(parseJson(Buffer.from(cache).toString('utf8'), 'the cache'), '');
  const layers = await gatherLayers(directory, records, others);
  const config = { ...(await writeBytes(directory, cache)), mediaType: CACHE_CONFIG_TYPE };
  const manifest: Manifest = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociManifest, config, layers };
  const descriptor: Descriptor = {
    ...(await writeBytes(directory, Buffer.from(JSON.stringify(manifest)))),
    mediaType: MEDIA_TYPES.ociManifest,
    annotations: { [TAG]: tag },
  };
  await replaceIndex(directory, tag, descriptor);
}

/** Descriptors of the layers that are here; those of base images are not. */
async function gatherLayers(
  directory: string,
  records: CarriedCache['records'],
  others: ReadonlyMap<Digest, string>,
): Promise<readonly Descriptor[]> {
  const gathered: Descriptor[] = [];
  for (const digest of new Set(records.flatMap(({ layers }) => layers))) {
    const path = blobPath(directory, digest);
    const other = others.get(digest);
    // A damaged one is left out: the step it belongs to runs again then.
    if ((await sizeOf(path)) === undefined && other !== undefined)
      await writeBlob(directory, createReadStream(other), digest).catch(ignoreDamage);
    const size = await sizeOf(path);
    if (size !== undefined) gathered.push({ mediaType: MEDIA_TYPES.ociLayer, digest, size });
  }
  return gathered;
}

function ignoreDamage(error: unknown): void {
  if (!(error instanceof NaruError)) throw error;
}

async function replaceIndex(directory: string, tag: string, descriptor: Descriptor): Promise<void> {
  const before = await readIndex(directory).catch(() => undefined);
  const kept = (before?.manifests ?? []).filter(({ annotations }) => annotations?.[TAG] !== tag);
  const index: Index = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociIndex,
    manifests: [...kept, descriptor],
  };
  await replaceFile(join(directory, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await replaceFile(join(directory, 'index.json'), JSON.stringify(index));
  const used = await blobsOf(directory, index.manifests);
  for (const digest of await blobsOf(directory, before?.manifests ?? []))
    if (!used.has(digest)) await fs.rm(blobPath(directory, digest), { force: true });
}

/** Of manifests that can be read. */
async function blobsOf(directory: string, manifests: readonly Descriptor[]): Promise<ReadonlySet<Digest>> {
  const found = new Set<Digest>();
  for (const descriptor of manifests) {
    found.add(descriptor.digest);
    const manifest = await readManifest(directory, descriptor).catch(() => undefined);
    if (manifest === undefined) continue;
    for (const { digest } of [manifest.config, ...manifest.layers]) found.add(digest);
  }
  return found;
}

/** Undefined when there is none. */
async function readIndex(directory: string): Promise<Index | undefined> {
  let text: string;
  try {
    text = await fs.readFile(join(directory, 'index.json'), 'utf8');
  } catch {
    return undefined;
  }
  return inDirectory(directory, () => decodeIndex(parseJson(text, 'index.json'), 'index.json'));
}

async function readManifest(directory: string, descriptor: Descriptor): Promise<Manifest> {
  const text = Buffer.from(await readBlob(directory, descriptor)).toString('utf8');
  return inDirectory(directory, () => decodeManifest(parseJson(text, 'its manifest'), 'its manifest'));
}

function inDirectory<T>(directory: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw wrong(directory, error instanceof Error ? error.message : String(error));
  }
}

async function readBlob(directory: string, { digest, size }: Descriptor): Promise<Uint8Array> {
  const path = blobPath(directory, digest);
  const bytes = size > MAX_JSON_BYTES ? undefined : await fs.readFile(path).catch(() => undefined);
  if (bytes !== undefined && digestOf(bytes) === digest) return bytes;
  throw wrong(directory, `${digest} is ${bytes === undefined ? 'missing' : 'damaged'}`);
}

async function writeBlob(
  directory: string,
  content: AsyncIterable<Uint8Array>,
  digest: Digest,
): Promise<void> {
  const temporary = blobPath(directory, digest) + `.${randomUUID()}`;
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of content) {
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    await pipeline(hashed(), createWriteStream(temporary, { flags: 'wx' }));
    if (hash.digest('hex') !== digestHex(digest)) throw wrong(directory, `${digest} has another digest`);
    await fs.rename(temporary, blobPath(directory, digest));
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}

async function writeBytes(
  directory: string,
  bytes: Uint8Array,
): Promise<Pick<Descriptor, 'digest' | 'size'>> {
  const digest = digestOf(bytes);
  await replaceFile(blobPath(directory, digest), bytes);
  return { digest, size: bytes.length };
}

async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  try {
    await fs.writeFile(temporary, content);
    await fs.rename(temporary, path);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return await fs.stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

function blobPath(directory: string, digest: Digest): string {
  return join(directory, 'blobs', 'sha256', digestHex(digest));
}

function wrong(directory: string, what: string): NaruError {
  return new NaruError(
    'invalid-argument',
    'E_CACHE_DIRECTORY',
    `the build cache in ${directory} cannot be used: ${what}`,
  );
}
