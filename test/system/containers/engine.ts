/**
 * What the container tests stand on: the containers of an engine in a temporary root, with real snapshots, networks, crun and conmon.
 * Images are one busybox, held in memory.
 */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { digestOf } from '../../../core/oci/digest.ts';
import type { ImageConfig } from '../../../core/oci/image-config.ts';
import { NaruError } from '../../../core/errors.ts';
import { Containers } from '../../../runtime/engine/containers/containers.ts';
import type { ContainerConfig, HostOptions } from '../../../runtime/engine/containers/container.ts';
import { containerRecords, volumeRecords } from '../../../runtime/engine/containers/record-codec.ts';
import { Events } from '../../../runtime/engine/events/events.ts';
import type { Image, ImageStore } from '../../../runtime/engine/images/image-store.ts';
import { Volumes } from '../../../runtime/engine/volumes/volumes.ts';
import { mountPointsBelow, unmountIfMounted } from '../../../runtime/host/overlay-mount.ts';
import { LinuxNetworking } from '../../../runtime/net/linux-networking.ts';
import type { Network } from '../../../runtime/net/network.ts';
import { nativeArch, nativeCacheDir } from '../../../runtime/native/locate.ts';
import { OverlaySnapshotter } from '../../../runtime/snapshots/overlay.ts';
import { MetadataStore } from '../../../runtime/store/metadata.ts';
import { writeBusyboxRoot } from '../../../scripts/base-images/busybox-root.ts';

export const BUSYBOX = 'busybox:latest';

export interface TestEngine {
  readonly root: string;
  readonly runDir: string;
  readonly containers: Containers;
  readonly volumes: Volumes;
  readonly events: Events;
  readonly snapshots: OverlaySnapshotter;
  readonly problems: string[];
  /** As a new engine process on the same root would: nothing of the old one is used again. */
  restart(): Promise<TestEngine>;
  /** Leaves containers running. */
  close(): Promise<void>;
}

/** A new engine; `removeEngine` ends it. */
export async function makeEngine(): Promise<TestEngine> {
  const root = fs.mkdtempSync(join(tmpdir(), 'naru-engine-'));
  return openEngine(root, randomBytes(6).toString('hex'));
}

/** On an existing root; also what a child process calls. */
export async function openEngine(root: string, engineId: string): Promise<TestEngine> {
  const runDir = `/run/naru-test-${engineId}`;
  fs.writeFileSync(join(root, 'engine-id'), engineId); // a killed run is cleared away by it
  const metadata = new MetadataStore(join(root, 'metadata.sqlite'));
  const events = new Events();
  const problems: string[] = [];
  const snapshots = new OverlaySnapshotter({ root: join(root, 'snapshots'), metadata, isRootless: false });
  const networks = metadata.collection('network', (value) => value as Network); // written by the test's own engine
  const networking = new LinuxNetworking({
    engineId,
    records: {
      all: () => networks.all(),
      put: (n) => networks.put(n.id, n),
      delete: (id) => void networks.delete(id),
    },
    log: (line) => problems.push(line),
  });
  const volumes = new Volumes({ directory: join(root, 'volumes'), records: volumeRecords(metadata), events });
  const containers = new Containers({
    options: { engineId, stateDir: join(root, 'containers'), runDir, nativeDir: nativeDir() },
    records: containerRecords(metadata),
    images: memoryImages(snapshots),
    snapshots,
    networking,
    volumes,
    events,
    onProblem: (message, cause) => problems.push(`${message}: ${String(cause)}`),
  });
  await snapshots.recover((key) => containers.holdsSnapshot(key));
  await makeBusybox(snapshots, root);
  await containers.recover();
  const close = async (): Promise<void> => {
    await containers.close();
    await networking.close();
    await snapshots.close();
    metadata.close();
  };
  return {
    root,
    runDir,
    containers,
    volumes,
    events,
    snapshots,
    problems,
    close,
    restart: async () => {
      await close();
      return openEngine(root, engineId);
    },
  };
}

/** Ends all containers and removes every trace; fails when the engine left something of its own. */
export async function removeEngine(engine: TestEngine): Promise<void> {
  for (const { id } of await engine.containers.list({ all: true })) {
    await engine.containers.remove(id, { force: true, volumes: true });
  }
  await engine.close();
  const mounts = mountPointsBelow(engine.root);
  for (const point of mounts) unmountIfMounted(point);
  fs.rmSync(engine.root, { recursive: true, force: true });
  fs.rmSync(engine.runDir, { recursive: true, force: true });
  assert.deepEqual(mounts, [], 'no mount is left');
  assert.deepEqual(engine.problems, [], 'nothing failed where nobody looked');
}

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `docker run --rm`: create, attach, start, wait for the removal. */
export async function run(
  engine: TestEngine,
  cmd: readonly string[],
  host: HostOptions = {},
  config: Partial<ContainerConfig> = {},
  stdin?: string,
): Promise<Ran> {
  const { containers } = engine;
  const interactive = stdin === undefined ? {} : { openStdin: true, stdinOnce: true };
  const { id } = await containers.create({
    config: { image: BUSYBOX, cmd, ...interactive, ...config },
    host: { networkMode: 'none', autoRemove: true, ...host },
  });
  const session = await containers.attach(id, {
    stdin: stdin !== undefined,
    stdout: true,
    stderr: true,
    logs: false,
    stream: true,
  });
  const output = collect(session.stream, session.isTty);
  const removed = containers.wait(id, 'removed', new AbortController().signal, () => undefined);
  removed.catch(() => undefined);
  await containers.start(id);
  if (stdin !== undefined) session.stream.end(stdin);
  const [{ exitCode }, streams] = await Promise.all([removed, output]);
  session.stream.destroy();
  return { exitCode, ...streams };
}

/** Reads Docker's framed stream to its end. */
export async function collect(
  stream: AsyncIterable<Buffer>,
  isTty = false,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const all = Buffer.concat(chunks);
  if (isTty) return { stdout: all.toString(), stderr: '' };
  const out = { stdout: '', stderr: '' };
  for (let at = 0; at + 8 <= all.length; ) {
    const end = at + 8 + all.readUInt32BE(at + 4);
    out[all[at] === 2 ? 'stderr' : 'stdout'] += all.subarray(at + 8, end).toString();
    at = end;
  }
  return out;
}

/** Resolves when `test` holds; fails after the deadline. */
export async function until(
  what: string,
  test: () => Promise<boolean> | boolean,
  deadlineMs = 10_000,
): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await test())) {
    assert.ok(Date.now() < end, `timed out: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function nativeDir(): string {
  return process.env['NARU_NATIVE_DIR'] ?? nativeCacheDir({ env: process.env, arch: nativeArch() });
}

async function makeBusybox(snapshots: OverlaySnapshotter, root: string): Promise<void> {
  if ((await snapshots.stat('busybox')) !== undefined) return;
  const files = join(root, 'busybox-root');
  fs.mkdirSync(files);
  writeBusyboxRoot(files);
  fs.mkdirSync(join(files, 'w'));
  fs.writeFileSync(join(files, 'w/a.txt'), 'hello\n');
  await snapshots.prepare('making-busybox', undefined);
  const target = await snapshots.mount('making-busybox');
  fs.cpSync(files, target, { recursive: true, verbatimSymlinks: true });
  fs.chownSync(join(target, 'w'), 33, 33);
  await snapshots.commit('making-busybox', 'busybox');
  fs.rmSync(files, { recursive: true });
}

/** One image, and those that are committed. */
function memoryImages(snapshots: OverlaySnapshotter): ImageStore {
  const images: Image[] = [];
  async function create(config: ImageConfig, layers: readonly string[]): Promise<Image> {
    const infos = await Promise.all(layers.map((name) => snapshots.layerInfo(name)));
    const full: ImageConfig = {
      ...config,
      rootfs: { type: 'layers', diff_ids: infos.map(({ diffId }) => diffId) },
    };
    const sizeBytes = infos.reduce((sum, info) => sum + info.sizeBytes, 0);
    const id = digestOf(JSON.stringify(full));
    const image = {
      id,
      config: full,
      tags: [],
      repoDigests: [],
      snapshots: layers,
      sizeBytes,
      createdAt: new Date(),
    };
    images.push(image);
    return image;
  }
  async function get(name: string): Promise<Image> {
    if (name !== BUSYBOX) {
      const found = images.find(({ id }) => id === name);
      if (found !== undefined) return found;
      throw new NaruError('not-found', 'E_NO_SUCH_IMAGE', `No such image: ${name}`);
    }
    const config: ImageConfig = {
      architecture: 'amd64',
      os: 'linux',
      config: { Cmd: ['sh'], Env: ['PATH=/bin'] },
      rootfs: { type: 'layers', diff_ids: [] },
    };
    return images[0] ?? create(config, ['busybox']);
  }
  const refuse = (): Promise<never> => Promise.reject(new Error('not in these tests'));
  return {
    get,
    find: (name) => get(name).catch(() => undefined),
    list: () => Promise.resolve(images),
    ids: () => Promise.resolve(images.map(({ id }) => id)),
    create,
    tag: () => Promise.resolve(),
    remove: refuse,
    load: refuse,
    save: refuse,
    import: refuse,
  };
}
