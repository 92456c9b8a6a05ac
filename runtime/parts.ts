/** Makes the engine's parts from below: metadata, networks, volumes, images, containers. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { missingPart } from './api/missing-part.ts';
import type { ApiParts } from './api/parts.ts';
import { Events } from './engine/events/events.ts';
import { networkRecords } from './engine/networks/network-records.ts';
import { Networks } from './engine/networks/networks.ts';
import { systemReport } from './engine/system/report.ts';
import type { Log } from './log.ts';
import { LinuxNetworking } from './net/linux-networking.ts';
import type { EngineOptions } from './options.ts';
import { OverlaySnapshotter } from './snapshots/overlay.ts';
import { MetadataStore } from './store/metadata.ts';

export interface RunningParts {
  readonly parts: ApiParts;
  /** In the opposite order; containers live on. */
  close(): Promise<void>;
}

/** Opens everything below `options.root` and takes over what an earlier engine left. */
export async function startParts(options: EngineOptions, log: Log): Promise<RunningParts> {
  const { root, registryMirrors } = options;
  const system = systemReport({ root, registryMirrors });
  const engineId = system.engineId.replaceAll('-', '').slice(0, 12);
  const metadata = new MetadataStore(join(root, 'metadata.sqlite'));
  const events = new Events();
  const networking = new LinuxNetworking({
    engineId,
    records: networkRecords(metadata),
    log: (line) => log.warn(line),
  });
  const snapshots = new OverlaySnapshotter({
    root: join(root, 'snapshots'),
    metadata,
    isRootless: isRootless(),
  });
  const networks = new Networks({ networking, events });
  await snapshots.recover(() => true);
  await networks.recover([]);
  return {
    parts: {
      system,
      events,
      networks,
      containers: missingPart('containers'),
      images: missingPart('images'),
      snapshots,
      volumes: missingPart('volumes'),
    },
    close: async () => {
      await networks.close();
      await snapshots.close();
      metadata.close();
    },
  };
}

/** In a user namespace root is mapped to somebody; the initial one maps everything to itself. */
function isRootless(): boolean {
  return !/^\s*0\s+0\s+4294967295$/m.test(readFileSync('/proc/self/uid_map', 'utf8'));
}
