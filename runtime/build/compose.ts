/** The image of a finished build: layers of the target's snapshots, config with times. */

import { INLINE_CACHE_FIELD } from '../../core/build/carried-cache.ts';
import type { VertexId } from '../../core/build/ops.ts';
import type { Plan } from '../../core/build/types.ts';
import type { HistoryEntry, ImageConfig } from '../../core/oci/image-config.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import { inlineCache, type MadeSteps } from './carried-steps.ts';
import type { Solved } from './solve.ts';

/** An image before the store has it. */
export interface ComposedImage {
  /** Its `rootfs` is that of the base. */
  readonly config: ImageConfig;
  /** Lowest first. */
  readonly snapshots: readonly string[];
}

export interface ComposeOptions {
  readonly sourceDateEpoch: number | undefined;
  /** Steps to put into the config; absent: none. */
  readonly steps?: MadeSteps;
}

/** Equal builds give equal configs: times are those of the steps, also when they were cached. */
export async function composeImage(
  stored: Snapshotter,
  plan: Plan,
  solved: ReadonlyMap<VertexId, Solved>,
  { sourceDateEpoch, steps }: ComposeOptions,
): Promise<ComposedImage> {
  const snapshots = await layersOf(stored, solved.get(plan.target.last)?.result);
  const config = datedConfig(plan, solved, sourceDateEpoch);
  if (steps === undefined) return { config, snapshots };
  const depths = new Map(snapshots.map((name, at) => [name, at + 1]));
  const { keyVersion, records } = inlineCache(steps, (result) => depths.get(result));
  // When a step ran must not make another image of the same input.
  const dated = records.map((record) =>
    sourceDateEpoch === undefined ? record : { ...record, createdAt: config.created ?? '' },
  );
  const inline = { [INLINE_CACHE_FIELD]: { keyVersion, records: dated } };
  return { config: { ...config, ...inline }, snapshots };
}

/** Lowest first. */
async function layersOf(snapshots: Snapshotter, result: string | undefined): Promise<readonly string[]> {
  const layers: string[] = [];
  for (let name = result; name !== undefined; ) {
    layers.unshift(name);
    name = (await snapshots.stat(name))?.parent;
  }
  return layers;
}

function datedConfig(
  plan: Plan,
  solved: ReadonlyMap<VertexId, Solved>,
  sourceDateEpoch: number | undefined,
): ImageConfig {
  const times = timesOfHistory(plan, solved);
  const fixed = sourceDateEpoch === undefined ? undefined : new Date(sourceDateEpoch * 1000).toISOString();
  let last: string | undefined = fixed;
  const history = (plan.target.config.history ?? []).map((entry, at): HistoryEntry => {
    last = fixed ?? times.get(at) ?? entry.created ?? last;
    return last === undefined ? entry : { ...entry, created: entry.created ?? last };
  });
  return { ...plan.target.config, created: last ?? new Date(0).toISOString(), history };
}

/** When the step of a history entry ran, following the target's stage and those it starts from. */
function timesOfHistory(plan: Plan, solved: ReadonlyMap<VertexId, Solved>): ReadonlyMap<number, string> {
  const times = new Map<number, string>();
  let at = plan.vertices[plan.target.last];
  while (at !== undefined) {
    const createdAt = solved.get(at.id)?.createdAt;
    if (at.historyIndex !== undefined && createdAt !== undefined) times.set(at.historyIndex, createdAt);
    at = at.root === undefined ? undefined : plan.vertices[at.root];
  }
  return times;
}
