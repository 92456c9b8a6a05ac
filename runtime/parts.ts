/** Makes the engine's parts from below: metadata, snapshots, networks, volumes, images, containers. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type { ApiParts } from './api/parts.ts';
import { cacheLimits } from './build/cache-limits.ts';
import { openBuilds } from './build/open-builds.ts';
import { Containers } from './engine/containers/containers.ts';
import { containerRecords, volumeRecords } from './engine/containers/record-codec.ts';
import { Events } from './engine/events/events.ts';
import { announced } from './engine/images/announced.ts';
import { removeLayoutNames } from './engine/images/layout-names.ts';
import { LocalImageStore } from './engine/images/local-image-store.ts';
import { networkRecords } from './engine/networks/network-records.ts';
import { Networks } from './engine/networks/networks.ts';
import { systemReport } from './engine/system/report.ts';
import { Volumes } from './engine/volumes/volumes.ts';
import type { Log } from './log.ts';
import { locateNativeTools, nativeArch } from './native/locate.ts';
import { LinuxNetworking } from './net/linux-networking.ts';
import type { EngineOptions } from './options.ts';
import { OverlaySnapshotter } from './snapshots/overlay.ts';
import { isInUserNamespace, runtimeDirectory } from './host/process-facts.ts';
import { openLeases } from './store/leases.ts';
import { MetadataStore } from './store/metadata.ts';

export interface RunningParts {
  readonly parts: ApiParts;
  /** Ends what clients wait for, while they can still be told. */
  stopWork(): Promise<void>;
  /** In the opposite order; containers live on. */
  close(): Promise<void>;
}

/** Opens everything below `options.root` and takes over what an earlier engine left. */
export async function startParts(options: EngineOptions, log: Log): Promise<RunningParts> {
  const { root, registryMirrors } = options;
  const system = systemReport({ root, registryMirrors });
  const engineId = system.engineId.replaceAll('-', '').slice(0, 12);
  const runDir = join(runtimeDirectory(), engineId);
  const native = locateNativeTools({ env: process.env, programDir: import.meta.dirname, arch: nativeArch() });
  const metadata = new MetadataStore(join(root, 'metadata.sqlite'));
  const events = new Events();
  const snapshots = new OverlaySnapshotter({
    root: join(root, 'snapshots'),
    metadata,
    isRootless: isInUserNamespace(),
  });
  const networking = new LinuxNetworking({
    engineId,
    records: networkRecords(metadata),
    log: (line) => log.warn(line),
  });
  const networks = new Networks({ networking, events });
  const volumes = new Volumes({ directory: join(root, 'volumes'), records: volumeRecords(metadata), events });
  const leases = openLeases(metadata);
  const store = new LocalImageStore({
    metadata,
    snapshots,
    leases,
    stagingDirectory: join(root, 'staging'),
  });
  const images = announced(store, events);
  const containers = new Containers({
    options: {
      engineId,
      stateDir: join(root, 'containers'),
      runDir: runDir,
      nativeDir: native.dir,
    },
    records: containerRecords(metadata),
    images,
    snapshots,
    networking: networks,
    volumes,
    events,
    onProblem: (message, cause) => log.warn(message, cause),
  });
  leases.recover();
  await snapshots.recover((key) => containers.holdsSnapshot(key));
  await store.recover();
  await containers.recover();
  await removeLayoutNames(images, containers, (message, cause) => log.warn(message, cause));
  const builds = await openBuilds({
    metadata,
    snapshots,
    images,
    leases,
    layers: store.layers,
    configBytes: (id) => store.configBytes(id),
    networking,
    crun: native.crun,
    runDir: join(runDir, 'build'),
    dataDir: join(root, 'build'),
    cgroupParent: `/naru-${engineId}`,
    limits: cacheLimits(options.cache, root),
    onProblem: (message, cause) => log.warn(message, cause),
  });
  return {
    parts: { system, events, builds, networks, snapshots, volumes, images, containers },
    stopWork: () => builds.close(),
    close: async () => {
      const isEmpty = (await containers.list({ all: true })).length === 0;
      await builds.close();
      await containers.close();
      await networks.close();
      await snapshots.close();
      metadata.close();
      // Without containers nothing in it is of use to the next engine.
      if (isEmpty) rmSync(runDir, { recursive: true, force: true });
    },
  };
}
