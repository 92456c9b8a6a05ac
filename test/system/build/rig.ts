/** What the build tests stand on: a builder in a temporary root with real snapshots and crun, a busybox base in memory, and no network. */

import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { defaultBuildOptions, type BuildOptions } from '../../../core/build/options.ts';
import type { FileTree } from '../../../core/context/file-tree.ts';
import { type MemoryFile, memoryTree } from '../../../core/context/memory-tree.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { digestHex } from '../../../core/oci/digest.ts';
import { lookupPlan } from '../../../core/build/lookup.ts';
import type { ContextMemory } from '../../../core/build/requests.ts';
import { encodeManifest, type ManifestEntry } from '../../../core/protocol/context-sync.ts';
import { preview } from '../../../core/preview/preview.ts';
import type { PreviewReport } from '../../../core/preview/report.ts';
import { writeTar } from '../../../local/tar/writer.ts';
import { build, type BuildNews } from '../../../runtime/build/builder.ts';
import type { BuildParts } from '../../../runtime/build/build-parts.ts';
import { CacheMounts } from '../../../runtime/build/cache-mounts.ts';
import { CacheStore } from '../../../runtime/build/cache-store.ts';
import type { Image } from '../../../runtime/engine/images/image-store.ts';
import { LocalImageStore } from '../../../runtime/engine/images/local-image-store.ts';
import { findBase } from '../../../runtime/build/find-base.ts';
import { SyncedContexts } from '../../../runtime/build/synced-contexts.ts';
import { mountPointsBelow, unmountIfMounted } from '../../../runtime/host/overlay-mount.ts';
import { nativeArch, nativeCacheDir } from '../../../runtime/native/locate.ts';
import type { Networking } from '../../../runtime/net/networking.ts';
import type { OpenAgent } from '../../../runtime/build/ssh/agent-streams.ts';
import { readHostFacts } from '../../../runtime/oci-runtime/host-facts.ts';
import { OverlaySnapshotter } from '../../../runtime/snapshots/overlay.ts';
import { openLeases } from '../../../runtime/store/leases.ts';
import { MetadataStore } from '../../../runtime/store/metadata.ts';
import { writeBusyboxRoot } from '../../../scripts/base-images/busybox-root.ts';

/** PATH of the base image. */
export const BASE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
export const PLATFORM = { os: 'linux', architecture: process.arch === 'arm64' ? 'arm64' : 'amd64' };

export type ContextFiles = Readonly<Record<string, string | MemoryFile>>;

export interface Built {
  readonly image: Image;
  readonly news: readonly BuildNews[];
  /** `line state`, in file order. */
  readonly steps: readonly string[];
  /** What its commands wrote. */
  readonly output: string;
  /** The files of the image. */
  readonly tree: FileTree;
}

export interface BuildSettings {
  readonly options?: Partial<BuildOptions>;
  readonly secrets?: ReadonlyMap<string, Uint8Array>;
  readonly agents?: ReadonlyMap<string, OpenAgent>;
  readonly contexts?: Readonly<Record<string, ContextFiles>>;
  readonly memory?: ContextMemory;
  readonly pulls?: boolean;
  readonly signal?: AbortSignal;
  readonly onNews?: (news: BuildNews) => void;
}

export interface Rig {
  readonly root: string;
  readonly parts: BuildParts;
  readonly snapshots: OverlaySnapshotter;
  /** Where the contexts of builds are sent. */
  readonly contexts: SyncedContexts;
  build(dockerfile: string, context: ContextFiles, settings?: BuildSettings): Promise<Built>;
  preview(dockerfile: string, context: ContextFiles, settings?: BuildSettings): Promise<PreviewReport>;
  /** As a new engine process would see the root. */
  reopen(): Promise<Rig>;
  /** Fails when a mount is left. */
  close(): Promise<void>;
}

export function makeRig(): Promise<Rig> {
  return openRig(fs.mkdtempSync(join(tmpdir(), 'naru-build-')), randomBytes(4).toString('hex'));
}

export async function openRig(root: string, name: string): Promise<Rig> {
  fs.writeFileSync(join(root, 'engine-id'), name); // a killed run is cleared away by it
  const metadata = new MetadataStore(join(root, 'metadata.sqlite'));
  const snapshots = new OverlaySnapshotter({
    root: join(root, 'snapshots'),
    metadata,
    isRootless: false,
    linksFrom: 1,
  });
  await snapshots.recover(() => false);
  await makeBusybox(snapshots, root);
  const leases = openLeases(metadata);
  const stagingDirectory = join(root, 'staging');
  const images = new LocalImageStore({ metadata, snapshots, leases, stagingDirectory });
  await images.recover();
  await nameBusybox(images);
  const now = (): Date => new Date();
  const cache = new CacheStore({ metadata, snapshots, images, leases, layers: images.layers, now });
  await cache.recover();
  const mounts = new CacheMounts({ root: join(root, 'build/cache-mounts'), metadata, leases, now });
  await mounts.recover();
  const contexts = new SyncedContexts(join(root, 'build/contexts'));
  await contexts.recover();
  const runDir = `/run/naru-build-${name}`;
  const parts: BuildParts = {
    snapshots,
    images,
    leases,
    layers: images.layers,
    configBytes: (id) => images.configBytes(id),
    cache,
    mounts,
    networking: noNetworking(),
    facts: readHostFacts(),
    crun: join(
      process.env['NARU_NATIVE_DIR'] ?? nativeCacheDir({ env: process.env, arch: nativeArch() }),
      'crun',
    ),
    runDir,
    dataDir: join(root, 'build'),
    cgroupParent: `/naru-build-${name}`,
    platform: PLATFORM,
  };
  async function closeParts(): Promise<void> {
    await snapshots.close();
    metadata.close();
  }
  return {
    root,
    parts,
    snapshots,
    contexts,
    build: (dockerfile, context, settings) => buildIn(parts, contexts, dockerfile, context, settings ?? {}),
    preview: (dockerfile, context, settings) => previewIn(parts, dockerfile, context, settings ?? {}),
    reopen: async () => {
      await closeParts();
      return openRig(root, name);
    },
    close: async () => {
      await closeParts();
      const mounts = mountPointsBelow(root);
      for (const point of mounts) unmountIfMounted(point);
      fs.rmSync(root, { recursive: true, force: true });
      fs.rmSync(runDir, { recursive: true, force: true });
      removeCgroups(`naru-build-${name}`);
      assert.deepEqual(mounts, [], 'no mount is left');
    },
  };
}

/** Text of a file in an image; undefined when it is not there. */
export async function textIn(tree: FileTree, path: string): Promise<string | undefined> {
  const bytes = await tree.read(path, 1_000_000);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}

function optionsOf(settings: BuildSettings): BuildOptions {
  return { ...defaultBuildOptions(PLATFORM), network: 'none', ...settings.options };
}

function contextsOf(context: ContextFiles, settings: BuildSettings): (name: string) => FileTree | undefined {
  return (name) => {
    const files = name === '' ? context : settings.contexts?.[name];
    return files === undefined ? undefined : memoryTree(files);
  };
}

/** The files as a client sends them. */
export async function sendContext(contexts: SyncedContexts, files: ContextFiles): Promise<FileTree> {
  const tree = memoryTree(files);
  const entries: ManifestEntry[] = [];
  for (const entry of await tree.walk('')) {
    const [digest] = entry.kind === 'file' ? await tree.digests([entry.path]) : [];
    entries.push({ entry, ...(digest === undefined ? {} : { digest }) });
  }
  const sent = [...encodeManifest(entries)].map((line) => Buffer.from(line));
  const { id, lacking } = await contexts.receiveManifest(Readable.from(sent), () => undefined);
  const members = await Promise.all(
    lacking.map(async (digest) => {
      const entry = entries.find((other) => other.digest === digest)?.entry;
      assert.ok(entry);
      const content = await tree.read(entry.path, Number.MAX_SAFE_INTEGER);
      const named = { ...entry, kind: 'file' as const, path: digestHex(digest) };
      return { entry: named, content: [content ?? new Uint8Array()] };
    }),
  );
  await contexts.receiveFiles(id, writeTar(members), new AbortController().signal);
  return contexts.tree(id);
}

async function buildIn(
  parts: BuildParts,
  synced: SyncedContexts,
  dockerfile: string,
  context: ContextFiles,
  settings: BuildSettings,
): Promise<Built> {
  const news: BuildNews[] = [];
  const trees = new Map<string, FileTree>();
  for (const [name, files] of Object.entries({ '': context, ...settings.contexts }))
    trees.set(name, await sendContext(synced, files));
  const image = await build(parts, {
    id: randomUUID(),
    dockerfile: { path: 'Dockerfile', text: dockerfile },
    project: 'p',
    options: optionsOf(settings),
    contexts: (name) => trees.get(name),
    ...(settings.memory === undefined ? {} : { memory: settings.memory }),
    tags: [],
    secrets: settings.secrets ?? new Map(),
    agents: settings.agents ?? new Map(),
    pulls: settings.pulls ?? false,
    onNews: (item) => {
      news.push(item);
      settings.onNews?.(item);
    },
    signal: settings.signal ?? new AbortController().signal,
  });
  const steps = news
    .flatMap((item) => (item.type === 'step' ? [item] : []))
    .toSorted((a, b) => a.line - b.line);
  const top = image.snapshots.at(-1);
  return {
    image,
    news,
    steps: steps.map((step) => `${step.line} ${step.state}`),
    output: news.map((item) => (item.type === 'log' ? item.text : '')).join(''),
    tree: top === undefined ? memoryTree({}) : await parts.snapshots.tree(top),
  };
}

async function previewIn(
  parts: BuildParts,
  dockerfile: string,
  context: ContextFiles,
  settings: BuildSettings,
): Promise<PreviewReport> {
  const { value } = await preview({
    dockerfile: readDockerfile(dockerfile).value,
    file: 'Dockerfile',
    project: 'p',
    options: optionsOf(settings),
    contexts: contextsOf(context, settings),
    resolver: {
      resolveImage: async (reference) => {
        const image = await findBase(parts.images, reference);
        if (image === undefined) return undefined;
        return { reference, digest: image.id, config: image.config, isLocal: true, pullBytes: 0 };
      },
      lookup: async (requests) => {
        const view = parts.cache.openPreview();
        try {
          return await lookupPlan(requests, view.index);
        } finally {
          view.close();
        }
      },
    },
  });
  assert.ok(value);
  return value;
}

async function makeBusybox(snapshots: OverlaySnapshotter, root: string): Promise<void> {
  if ((await snapshots.stat('busybox')) !== undefined) return;
  const files = join(root, 'busybox-root');
  fs.mkdirSync(files);
  writeBusyboxRoot(files);
  await snapshots.prepare('making-busybox', undefined);
  fs.cpSync(files, await snapshots.mount('making-busybox'), { recursive: true, verbatimSymlinks: true });
  await snapshots.commit('making-busybox', 'busybox');
  fs.rmSync(files, { recursive: true });
}

async function nameBusybox(images: LocalImageStore): Promise<void> {
  if ((await images.find('busybox')) !== undefined) return;
  const config = { Cmd: ['sh'], Env: [`PATH=${BASE_PATH}`] };
  const { id } = await images.create({ ...PLATFORM, config, rootfs: { type: 'layers', diff_ids: [] } }, [
    'busybox',
  ]);
  await images.tag(id, 'busybox');
}

function noNetworking(): Networking {
  const refuse = (): Promise<never> => Promise.reject(new Error('no network in these tests'));
  const unused = { connect: refuse, disconnect: refuse, rename: refuse, recover: refuse, close: refuse };
  return { attach: refuse, detach: () => Promise.resolve(), ...unused };
}

/** crun leaves the parent group in each hierarchy. */
function removeCgroups(name: string): void {
  const base = '/sys/fs/cgroup';
  for (const directory of [join(base, name), ...fs.readdirSync(base).map((h) => join(base, h, name))]) {
    if (fs.existsSync(directory)) fs.rmdirSync(directory);
  }
}
