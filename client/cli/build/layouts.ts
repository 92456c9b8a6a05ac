/**
 * `--build-context NAME=oci-layout://FOLDER[:tag][@digest]`: an image in a directory, loaded into the engine for the time of the build.
 * Each build gives it a name of its own, so that the image stays until the last of several builds at once has ended; what a client that is killed leaves, the next engine takes away.
 * The image-spec's image-layout.md says what is in such a directory; tags are found as in buildx.
 */

import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { readNamedContext } from '../../../core/build/named-contexts.ts';
import { isErrorKind, NaruError } from '../../../core/errors.ts';
import { type Digest, digestHex } from '../../../core/oci/digest.ts';
import { decodeIndex, decodeManifest, type Descriptor, isIndexType } from '../../../core/oci/manifest.ts';
import { isServedBy } from '../../../core/oci/platform-match.ts';
import { formatPlatform, normalizePlatform, type Platform } from '../../../core/oci/platform.ts';
import { LAYOUT_REPOSITORY } from '../../../core/protocol/layout-name.ts';
import { type NewTarMember, writeTar } from '../../../local/tar/writer.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { listImages, loadImages, removeImage, tagImage } from '../../driver/engine/images.ts';

export interface LayoutOptions {
  /** Of the image being made. */
  readonly platform: Platform;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

export interface OpenLayouts {
  /** The contexts given, layouts as images by their IDs, which the engine has once they are loaded. */
  readonly contexts: ReadonlyMap<string, string>;
  /** How many contexts are layouts. */
  readonly nLayouts: number;
  /** Loads those among these image IDs that are layouts and not loaded yet; answers whether there were any. @throws NaruError "invalid-argument" for one that cannot be read */
  load(images: ReadonlySet<string>): Promise<boolean>;
  /** Takes the images away that were not there before and that no other build uses; what was built on them stays. */
  remove(): Promise<void>;
}

/** Finds what each layout is, and loads none. @throws NaruError "invalid-argument" for a layout that cannot be read or has no such image */
export async function openLayouts(
  engine: EngineConnection,
  contexts: ReadonlyMap<string, string>,
  { platform, cwd, signal }: LayoutOptions,
): Promise<OpenLayouts> {
  const images = new Map(contexts);
  const names: string[] = [];
  const found = new Map<string, readonly [Layout, LayoutImage]>();
  // Also after Ctrl-C.
  const lasting = engine.boundTo(undefined);
  async function remove(): Promise<void> {
    for (const name of names) await removeImage(lasting, name).catch(() => undefined);
  }
  async function load(wanted: ReadonlySet<string>): Promise<boolean> {
    const chosen = [...found].filter(([id]) => wanted.has(id));
    for (const [id, [layout, image]] of chosen) {
      const use = await useImage(engine, layout, image, signal);
      if (use !== undefined) names.push(use);
      found.delete(id);
    }
    return chosen.length > 0;
  }
  for (const [name, value] of contexts) {
    const context = readNamedContext(value);
    if (context.kind !== 'layout') continue;
    const layout: Layout = { ...context, shown: context.path, value, folder: resolve(cwd, context.path) };
    const image = await findImage(layout, platform);
    images.set(name, `docker-image://${image.config.digest}`);
    found.set(image.config.digest, [layout, image]);
  }
  return { contexts: images, nLayouts: found.size, load, remove };
}

/** Answers the name that keeps it; undefined for an image that is there without a name and would not outlive one. */
async function useImage(
  engine: EngineConnection,
  layout: Layout,
  image: LayoutImage,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { digest } = image.config;
  const known = (await listImages(engine, { isAll: true })).find(({ id }) => id === digest);
  if (known?.tags.length === 0) return undefined;
  const tag = randomUUID();
  const name = `${LAYOUT_REPOSITORY}:${tag}`;
  const isNamed = known !== undefined && (await nameWhenThere(engine, digest, tag));
  if (!isNamed) for await (const _ of loadImages(engine, writeTar(members(layout, image, name)), signal));
  return name;
}

async function nameWhenThere(engine: EngineConnection, image: Digest, tag: string): Promise<boolean> {
  try {
    await tagImage(engine, image, LAYOUT_REPOSITORY, tag);
    return true;
  } catch (error) {
    if (isErrorKind(error, 'not-found')) return false;
    throw error;
  }
}

interface Layout {
  /** As it was written: the directory, and the whole value. */
  readonly shown: string;
  readonly value: string;
  readonly folder: string;
  readonly tag?: string;
  readonly digest?: string;
}

interface LayoutImage {
  readonly manifest: Descriptor;
  readonly config: Descriptor;
  /** All it consists of. */
  readonly blobs: readonly Descriptor[];
}

async function findImage(layout: Layout, platform: Platform): Promise<LayoutImage> {
  const { manifests } = decodeIndex(await readDocument(layout, 'index.json'), 'index.json');
  const { tag = 'latest', digest } = layout;
  const named = manifests.find((one) =>
    digest === undefined
      ? one.annotations?.['org.opencontainers.image.ref.name'] === tag
      : one.digest === digest,
  );
  // buildx takes the only image there is, whatever it is called (0.29.1, measured).
  const [only, another] = manifests;
  const chosen = named ?? (digest === undefined && another === undefined ? only : undefined);
  if (chosen === undefined) throw unresolved(layout, 'failed to resolve digest');
  return imageBehind(layout, chosen, platform);
}

/** Of an index the image for the platform, before one that would do for it. */
async function imageBehind(layout: Layout, descriptor: Descriptor, wanted: Platform): Promise<LayoutImage> {
  const value = await readDocument(layout, blobName(descriptor));
  if (isIndexType(descriptor.mediaType)) {
    const { manifests } = decodeIndex(value, descriptor.digest);
    const serving = manifests.filter(
      ({ platform }) => platform !== undefined && isServedBy(wanted, platform),
    );
    const shown = formatPlatform(wanted);
    const exact = serving.find(
      ({ platform }) => platform && formatPlatform(normalizePlatform(platform)) === shown,
    );
    const fits = exact ?? serving[0];
    if (fits === undefined) throw unresolved(layout, `it has no image for ${shown}`);
    return imageBehind(layout, fits, wanted);
  }
  const { config, layers } = decodeManifest(value, descriptor.digest);
  return { manifest: descriptor, config, blobs: [descriptor, config, ...layers] };
}

/** An archive that gives the image one name and no other. */
async function* members(
  layout: Layout,
  { manifest, blobs }: LayoutImage,
  name: string,
): AsyncGenerator<NewTarMember> {
  const annotations = { 'io.containerd.image.name': name };
  const index = { schemaVersion: 2, manifests: [{ ...manifest, annotations }] };
  yield textMember('oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  yield textMember('index.json', JSON.stringify(index));
  const seen = new Set<string>();
  for (const blob of blobs) {
    const name = blobName(blob);
    if (seen.has(name)) continue;
    seen.add(name);
    const path = join(layout.folder, name);
    const { size: sizeBytes } = await stat(path).catch((cause: unknown) => {
      throw unresolved(layout, `open ${join(layout.shown, name)}: no such file or directory`, cause);
    });
    yield { entry: { ...MEMBER, path: name, sizeBytes }, content: createReadStream(path) };
  }
}

const MEMBER = { kind: 'file', mode: 0o644, uid: 0, gid: 0, mtimeNs: 0n } as const;

function textMember(path: string, text: string): NewTarMember {
  const bytes = Buffer.from(text);
  return { entry: { ...MEMBER, path, sizeBytes: bytes.length }, content: [bytes] };
}

async function readDocument(layout: Layout, name: string): Promise<unknown> {
  const text = await readFile(join(layout.folder, name), 'utf8').catch((cause: unknown) => {
    const shown = join(layout.shown, name);
    throw unresolved(layout, `could not read ${shown}: open ${shown}: no such file or directory`, cause);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw unresolved(layout, `${join(layout.shown, name)} is not JSON`, cause);
  }
}

function blobName({ digest }: Descriptor): string {
  return `blobs/sha256/${digestHex(digest)}`;
}

function unresolved({ value }: Layout, why: string, cause?: unknown): NaruError {
  const message = `oci-layout reference ${JSON.stringify(value)} could not be resolved: ${why}`;
  return new NaruError('invalid-argument', 'E_LAYOUT', message, { cause });
}
