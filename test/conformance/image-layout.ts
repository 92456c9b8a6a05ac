/** A small OCI image layout as files of a case: two images of one layer each, named `latest` and `other`. */

import type { CaseFiles } from './conformance-case.ts';
import { digestOf } from '../../core/oci/digest.ts';
import { encodeEntry, TRAILER_BYTES } from '../../core/tar/encoder.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** Below `folder`. */
export function imageLayout(folder: string): CaseFiles {
  const latest = image({ Env: ['A=layout'], Cmd: ['/latest'], Labels: { l: 'latest' } }, 'latest\n');
  const other = image({ Env: ['A=other'], WorkingDir: '/other', OnBuild: ['ENV ON=1'] }, 'other\n');
  const manifests = [
    { ...latest.manifest, annotations: { 'org.opencontainers.image.ref.name': 'latest' } },
    { ...other.manifest, annotations: { 'org.opencontainers.image.ref.name': 'other' } },
  ];
  return layoutFiles(folder, manifests, [...latest.blobs, ...other.blobs]);
}

/** Whose `latest` is an image for amd64 and another one for arm64; `ids` are theirs, in this order. */
export function platformsLayout(folder: string): {
  readonly files: CaseFiles;
  readonly ids: readonly string[];
} {
  const images = ['amd64', 'arm64'].map((architecture) => {
    const { manifest, ...rest } = image({ Env: [`A=${architecture}`] }, 'files\n', architecture);
    return { ...rest, manifest: { ...manifest, platform: { os: 'linux', architecture } } };
  });
  const manifests = images.map(({ manifest }) => manifest);
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
  const latest = {
    ...descriptor(INDEX, index),
    annotations: { 'org.opencontainers.image.ref.name': 'latest' },
  };
  const blobs = [index, ...images.flatMap((one) => one.blobs)];
  return { files: layoutFiles(folder, [latest], blobs), ids: images.map(({ id }) => id) };
}

function layoutFiles(folder: string, manifests: readonly Descriptor[], blobs: readonly Buffer[]): CaseFiles {
  const index = { schemaVersion: 2, mediaType: INDEX, manifests };
  return {
    [`${folder}/oci-layout`]: JSON.stringify({ imageLayoutVersion: '1.0.0' }),
    [`${folder}/index.json`]: JSON.stringify(index),
    ...Object.fromEntries(
      blobs.map((bytes) => [
        `${folder}/blobs/sha256/${digestOf(bytes).slice(7)}`,
        { base64: bytes.toString('base64') },
      ]),
    ),
  };
}

/** The digest of the image `other`. */
export function otherDigest(): string {
  return image({ Env: ['A=other'], WorkingDir: '/other', OnBuild: ['ENV ON=1'] }, 'other\n').manifest.digest;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

function image(
  config: Readonly<Record<string, unknown>>,
  text: string,
  architecture = 'amd64',
): { readonly id: string; readonly manifest: Descriptor; readonly blobs: readonly Buffer[] } {
  const layer = tarOf('layout.txt', text);
  const full = {
    architecture,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
    history: [{ created_by: 'layer' }],
  };
  const configBytes = Buffer.from(JSON.stringify(full));
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: descriptor('application/vnd.oci.image.config.v1+json', configBytes),
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar', layer)],
  };
  const manifestBytes = Buffer.from(JSON.stringify(manifest));
  const blobs = [layer, configBytes, manifestBytes];
  return { id: manifest.config.digest, manifest: descriptor(MANIFEST, manifestBytes), blobs };
}

function descriptor(mediaType: string, bytes: Buffer): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

function tarOf(path: string, text: string): Buffer {
  const content = Buffer.alloc(512);
  content.write(text);
  const shared = { kind: 'file', mode: 0o644, uid: 0, gid: 0, mtimeNs: 0n } as const;
  const header = encodeEntry({ ...shared, path, sizeBytes: text.length });
  return Buffer.concat([header, content, Buffer.alloc(TRAILER_BYTES)]);
}
