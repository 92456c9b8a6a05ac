/** An image store with its snapshots in a temporary root, and ways to put small images into it. Needs root. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';

import type { ImageConfig } from '../../../core/oci/image-config.ts';
import type { Image } from '../../../runtime/engine/images/image-store.ts';
import { LocalImageStore } from '../../../runtime/engine/images/local-image-store.ts';
import { mountPointsBelow, unmountIfMounted } from '../../../runtime/host/overlay-mount.ts';
import { OverlaySnapshotter } from '../../../runtime/snapshots/overlay.ts';
import { openLeases, type Leases } from '../../../runtime/store/leases.ts';
import { MetadataStore } from '../../../runtime/store/metadata.ts';
import { bytesOf, tarOf } from '../snapshotter-suite.ts';

export const NEVER: AbortSignal = new AbortController().signal;

export const CONFIG: ImageConfig = {
  created: '2026-01-02T03:04:05.678Z',
  architecture: process.arch === 'x64' ? 'amd64' : process.arch,
  os: 'linux',
  config: { Cmd: ['sh'], Env: ['A=1'] },
  rootfs: { type: 'layers', diff_ids: [] },
};

export interface EngineImages {
  readonly directory: string;
  readonly store: LocalImageStore;
  readonly snapshots: OverlaySnapshotter;
  readonly leases: Leases;
  /** Loads an archive, answering the messages as well. */
  readonly load: (
    archive: Uint8Array,
  ) => Promise<{ readonly images: readonly Image[]; readonly said: string }>;
  readonly save: (...names: readonly string[]) => Promise<Buffer>;
  /** An image of one layer per list of members, committed as a build does. */
  readonly build: (tag: string, ...layers: readonly (readonly string[])[]) => Promise<Image>;
  /** Names of committed snapshots. */
  readonly snapshotNames: () => Promise<readonly string[]>;
  /** Closes the store; the files stay. */
  readonly close: () => Promise<void>;
}

/** In a new directory, or in one that `close` left. */
export async function openImages(directory = newDirectory()): Promise<EngineImages> {
  const metadata = new MetadataStore(join(directory, 'naru.db'));
  const snapshots = new OverlaySnapshotter({
    root: join(directory, 'snapshots'),
    metadata,
    isRootless: false,
  });
  const leases = openLeases(metadata);
  const store = new LocalImageStore({
    metadata,
    snapshots,
    leases,
    stagingDirectory: join(directory, 'staging'),
  });
  leases.recover();
  await snapshots.recover(() => false);
  await store.recover();
  let nBuilt = 0;

  async function build(tag: string, ...layers: readonly (readonly string[])[]): Promise<Image> {
    const names: string[] = [];
    for (const members of layers) {
      nBuilt += 1;
      const name = `build-${nBuilt}`;
      await snapshots.prepare(`key-${name}`, names.at(-1));
      const root = await snapshots.mount(`key-${name}`);
      for (const member of members) {
        const [path = '', content = ''] = member.split(':');
        if (content === 'gone') fs.rmSync(join(root, path), { recursive: true });
        else fs.writeFileSync(join(root, path), content);
      }
      await snapshots.commit(`key-${name}`, name);
      names.push(name);
    }
    const image = await store.create(CONFIG, names);
    if (tag !== '') await store.tag(image.id, tag);
    return await store.get(image.id);
  }

  async function load(
    archive: Uint8Array,
  ): Promise<{ readonly images: readonly Image[]; readonly said: string }> {
    const said: string[] = [];
    const images = await store.load(Readable.from([archive]), (text) => said.push(text), NEVER);
    return { images, said: said.join('') };
  }

  async function save(...names: readonly string[]): Promise<Buffer> {
    const out = new PassThrough();
    async function write(): Promise<void> {
      await store.save(names, out, NEVER);
      assert.equal(out.writableEnded, false);
      out.end();
    }
    const [, bytes] = await Promise.all([write(), bytesOf(out)]);
    return bytes;
  }

  return {
    directory,
    store,
    snapshots,
    leases,
    load,
    save,
    build,
    snapshotNames: async () => (await snapshots.list()).map(({ name }) => name),
    close: async () => {
      await snapshots.close();
      metadata.close();
    },
  };
}

export function removeImages(directory: string): void {
  for (const point of mountPointsBelow(directory)) unmountIfMounted(point);
  fs.rmSync(directory, { recursive: true, force: true });
}

/** A layer tar as another tool would write it. */
export async function layerTar(...members: readonly string[]): Promise<Buffer> {
  return await bytesOf(tarOf(...members));
}

function newDirectory(): string {
  return fs.mkdtempSync(join(tmpdir(), 'naru-images-'));
}
