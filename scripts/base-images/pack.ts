/** Packs one root filesystem as a `docker save` archive that holds it under several tags (image-spec v1.2 of Docker: manifest.json). */

import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { exec } from '../../runtime/host/exec.ts';

export interface ImageToPack {
  readonly tag: string;
  /** The run part of the image config. */
  readonly config: Readonly<Record<string, unknown>>;
}

const CREATED = '2026-01-01T00:00:00Z';

/** Writes the archive to `target`; `root`'s parent folder is used for the parts. */
export async function packArchive(
  root: string,
  images: readonly ImageToPack[],
  target: string,
): Promise<void> {
  const parts = join(root, '..', 'parts');
  mkdirSync(parts, { recursive: true });
  const layer = join(parts, 'layer.tar');
  await exec([
    'tar',
    '-C',
    root,
    '--sort=name',
    '--numeric-owner',
    '--xattrs',
    '--mtime=@1767225600',
    '-cf',
    layer,
    '.',
  ]);
  const diffId = `sha256:${await sha256(layer)}`;
  const manifest = images.map((image) => {
    const config = JSON.stringify({
      created: CREATED,
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      config: image.config,
      rootfs: { type: 'layers', diff_ids: [diffId] },
      history: [{ created: CREATED, created_by: `naru base image ${image.tag}` }],
    });
    const name = `${createHash('sha256').update(config).digest('hex')}.json`;
    writeFileSync(join(parts, name), config);
    return { Config: name, RepoTags: [image.tag], Layers: ['layer.tar'] };
  });
  writeFileSync(join(parts, 'manifest.json'), JSON.stringify(manifest));
  await exec(['tar', '-C', parts, '-cf', target, '.']);
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
