/**
 * Descriptors, manifests and indexes (image-spec descriptor.md, manifest.md, image-index.md), with Docker's schema 2 twins.
 * Decoders ignore fields they do not know; `what` names the document in errors.
 */

import { NaruError } from '../errors.ts';
import { type Digest, parseDigest } from './digest.ts';
import type { Platform } from './platform.ts';

export const MEDIA_TYPES = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  ociLayer: 'application/vnd.oci.image.layer.v1.tar',
  ociLayerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  ociLayerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: Platform;
}

export interface Manifest {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly config: Descriptor;
  /** Lowest first. */
  readonly layers: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Index {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** True for the media types of an index, false for those of a manifest and anything else. */
export function isIndexType(mediaType: string): boolean {
  return mediaType === MEDIA_TYPES.ociIndex || mediaType === MEDIA_TYPES.dockerIndex;
}

/** @throws NaruError "invalid-argument" E_MANIFEST naming the field */
export function decodeManifest(value: unknown, what: string): Manifest {
  const fields = record(value, what);
  return {
    schemaVersion: schemaVersion(fields, what),
    mediaType: optionalText(fields['mediaType']) ?? MEDIA_TYPES.ociManifest,
    config: decodeDescriptor(fields['config'], `${what}: config`),
    layers: list(fields['layers'] ?? [], `${what}: layers`).map((layer, index) =>
      decodeDescriptor(layer, `${what}: layers[${index}]`),
    ),
    ...annotationsOf(fields),
  };
}

/** @throws NaruError "invalid-argument" E_MANIFEST naming the field */
export function decodeIndex(value: unknown, what: string): Index {
  const fields = record(value, what);
  return {
    schemaVersion: schemaVersion(fields, what),
    mediaType: optionalText(fields['mediaType']) ?? MEDIA_TYPES.ociIndex,
    manifests: list(fields['manifests'], `${what}: manifests`).map((manifest, index) =>
      decodeDescriptor(manifest, `${what}: manifests[${index}]`),
    ),
    ...annotationsOf(fields),
  };
}

/** @throws NaruError "invalid-argument" E_MANIFEST naming the field, E_DIGEST */
function decodeDescriptor(value: unknown, what: string): Descriptor {
  const fields = record(value, what);
  const { mediaType, size, digest } = fields;
  if (typeof digest !== 'string') throw wrong(`${what}: digest must be a string`);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw wrong(`${what}: size must be a number of bytes`);
  }
  const platform = platformOf(fields['platform']);
  return {
    mediaType: optionalText(mediaType) ?? '',
    digest: parseDigest(digest),
    size,
    ...annotationsOf(fields),
    ...(platform === undefined ? {} : { platform }),
  };
}

/** Parses JSON text. @throws NaruError "invalid-argument" E_MANIFEST */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NaruError('invalid-argument', 'E_MANIFEST', `${what} is not JSON`, { cause: error });
  }
}

function schemaVersion(fields: Readonly<Record<string, unknown>>, what: string): 2 {
  if (fields['schemaVersion'] !== 2) throw wrong(`${what}: schemaVersion must be 2`);
  return 2;
}

function platformOf(value: unknown): Platform | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { os, architecture, variant } = value as Record<string, unknown>; // an object, by the line above
  if (typeof os !== 'string' || typeof architecture !== 'string') return undefined;
  return { os, architecture, ...(typeof variant === 'string' && variant !== '' ? { variant } : {}) };
}

function annotationsOf(fields: Readonly<Record<string, unknown>>): {
  readonly annotations?: Readonly<Record<string, string>>;
} {
  const { annotations } = fields;
  if (typeof annotations !== 'object' || annotations === null) return {};
  const texts = Object.entries(annotations).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  return { annotations: Object.fromEntries(texts) };
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(`${what} must be an object`);
  return value as Readonly<Record<string, unknown>>; // a JSON object, by the line above
}

function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(`${what} must be a list`);
  return value;
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function wrong(message: string): NaruError {
  return new NaruError('invalid-argument', 'E_MANIFEST', message);
}
