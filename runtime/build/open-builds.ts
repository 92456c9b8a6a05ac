/** Opens the builder over an engine's parts and clears away what builds of an earlier process left. */

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { machinePlatform } from '../host/machine-platform.ts';
import { execStatus } from '../host/exec.ts';
import { readHostFacts } from '../oci-runtime/host-facts.ts';
import type { MetadataStore } from '../store/metadata.ts';
import { Builds } from './builds.ts';
import type { BuildParts } from './build-parts.ts';
import { CacheGc, type CacheGcLimits } from './cache-gc.ts';
import { CacheKeeper } from './cache-keeper.ts';
import { CacheMounts } from './cache-mounts.ts';
import { CacheStore } from './cache-store.ts';
import { crunState } from './ops/run.ts';
import { SyncedContexts } from './synced-contexts.ts';

export interface OpenBuildsOptions extends Omit<BuildParts, 'cache' | 'mounts' | 'facts' | 'platform'> {
  readonly metadata: MetadataStore;
  readonly limits: CacheGcLimits;
  /** Something went wrong that nobody waits for. */
  readonly onProblem: (message: string, cause: unknown) => void;
}

/** To be called after snapshots and images recovered. Finished steps of a killed build are kept, half-made ones are gone. */
export async function openBuilds(options: OpenBuildsOptions): Promise<Builds> {
  const { metadata, leases, layers, snapshots, images, limits, onProblem, ...rest } = options;
  await removeContainers(options.crun, options.runDir);
  rmSync(options.runDir, { recursive: true, force: true });
  rmSync(join(options.dataDir, 'archives'), { recursive: true, force: true });
  const now = (): Date => new Date();
  const cache = new CacheStore({ metadata, snapshots, images, leases, layers, now });
  await cache.recover();
  const mounts = new CacheMounts({ root: join(options.dataDir, 'cache-mounts'), metadata, leases, now });
  await mounts.recover();
  const contexts = new SyncedContexts(join(options.dataDir, 'contexts'));
  await contexts.recover();
  const keeper = new CacheKeeper({ snapshots, leases, cache, mounts, contexts });
  const parts: BuildParts = {
    ...rest,
    snapshots,
    images,
    leases,
    layers,
    cache,
    mounts,
    facts: readHostFacts(),
    platform: machinePlatform(),
  };
  const gc = new CacheGc({ keeper, limits, clock: { now, after }, onProblem });
  return new Builds(parts, { contexts, keeper, gc });
}

function after(delayMs: number, work: () => void): () => void {
  const timer = setTimeout(work, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
}

/** Commands of builds that were under way when the engine was killed. */
async function removeContainers(crun: string, runDir: string): Promise<void> {
  for (const id of namesIn(crunState(runDir))) {
    await execStatus([crun, `--root=${crunState(runDir)}`, 'delete', '--force', id]);
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
