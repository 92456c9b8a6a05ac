/** Sizes and what pruning gives back. */

import type { ContainerEntry } from '../container-entry.ts';
import { snapshotKey, type ContainerParts } from '../parts.ts';
import type { Filters, PruneResult, SizeUsage } from '../requests.ts';
import { removeContainer } from '../run/remove.ts';
import { makeMatcher } from './list.ts';

export async function sizeOf(parts: ContainerParts, entry: ContainerEntry): Promise<SizeUsage> {
  const [writableBytes, image] = await Promise.all([
    parts.snapshots.usageBytes(snapshotKey(entry.id)),
    parts.images.find(entry.record.imageId),
  ]);
  return { writableBytes, rootBytes: writableBytes + (image?.sizeBytes ?? 0) };
}

/** Removes what does not run; filters are of labels, and `until` spares what was made later. */
export async function pruneContainers(
  parts: ContainerParts,
  filters: Filters,
  until?: Date,
): Promise<PruneResult> {
  const match = await makeMatcher(parts, filters);
  const deleted: string[] = [];
  let reclaimedBytes = 0;
  for (const entry of parts.table.all()) {
    const isIdle = entry.state.status === 'created' || entry.state.status === 'exited';
    if (!isIdle || !match(entry) || (until !== undefined && entry.record.createdAt >= until)) continue;
    reclaimedBytes += (await sizeOf(parts, entry)).writableBytes;
    await removeContainer(parts, entry, {});
    deleted.push(entry.id);
  }
  return { deleted, reclaimedBytes };
}
