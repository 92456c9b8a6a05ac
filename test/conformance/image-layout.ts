/** A small OCI image layout as files of a case: two images of one layer each, named `latest` and `other`. */

import type { CaseFiles } from './conformance-case.ts';
import { digestOf } from '../../core/oci/digest.ts';
import { encodeEntry, TRAILER_BYTES } from '../../core/tar/encoder.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** Below `folder`. */
export function imageLayout(folder: string): CaseFiles {
  const latest = image({ Env: ['A=layout'], Cmd: ['/latest'], Labels: { l: 'latest' } }, 'latest\n');
  const other = image({ Env: ['A=other'], WorkingDir: '/other', OnBuild: ['ENV ON=1'] }, 'other\n');
  const manifests = [
    { ...latest.manifest, annotations: { 'org.opencontainers.image.ref.name': 'latest' } },
    { ...other.manifest, annotations: { 'org.opencontainers.image.ref.name': 'other' } },
  ];
  const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests };
  const blobs = [...latest.blobs, ...other.blobs];
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
): { readonly manifest: Descriptor; readonly blobs: readonly Buffer[] } {
  const layer = tarOf('layout.txt', text);
  const full = {
    architecture: 'amd64',
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
  return { manifest: descriptor(MANIFEST, manifestBytes), blobs: [layer, configBytes, manifestBytes] };
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
