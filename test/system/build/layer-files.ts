/** What lies in the layers of an image on disk, read with lstat and nothing of ours. */

import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';

import { readTar } from '../../../local/tar/reader.ts';
import type { Rig } from './rig.ts';

export interface LayerFile {
  /** In the image, with a slash before it. */
  readonly path: string;
  readonly hostPath: string;
  readonly stats: fs.BigIntStats;
}

/** Regular files of layers in the order they are named, in byte order. */
export async function filesOfLayers(rig: Rig, snapshots: readonly string[]): Promise<readonly LayerFile[]> {
  const found: LayerFile[] = [];
  for (const name of snapshots) {
    const { upper } = await rig.snapshots.layerDirectories(name);
    for (const path of fs.readdirSync(upper, { recursive: true, encoding: 'utf8' }).sort()) {
      const hostPath = join(upper, path);
      const stats = fs.lstatSync(hostPath, { bigint: true });
      if (stats.isFile()) found.push({ path: `/${path}`, hostPath, stats });
    }
  }
  return found;
}

/** Paths whose inode the image shows more than once, in any of its layers. */
export function doubled(files: readonly LayerFile[]): readonly string[] {
  const inodes = files.map(({ stats }) => stats.ino);
  return files
    .filter(({ stats }) => inodes.indexOf(stats.ino) !== inodes.lastIndexOf(stats.ino))
    .map(({ path }) => path);
}

/** Members of the layers' tars that are hard links. */
export async function tarLinks(rig: Rig, snapshots: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of snapshots) {
    // Fails as well when the bytes are not those of the recorded digest.
    for await (const { entry } of readTar(rig.snapshots.exportLayer(name)))
      if (entry.kind === 'hardlink') found.push(entry.path);
  }
  return found;
}

/** Stored contents of contexts that are not what their name says. */
export function damagedContents(rig: Rig): readonly string[] {
  const directory = storeOf(rig);
  return fs.readdirSync(directory).filter(
    (name) =>
      createHash('sha256')
        .update(fs.readFileSync(join(directory, name)))
        .digest('hex') !== name,
  );
}

/** Where the contents of contexts lie, by the hex of their digest. */
export function storeOf(rig: Rig): string {
  return join(rig.root, 'build/contexts/content/files');
}
