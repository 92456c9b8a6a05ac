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

/** Removes what does not run; filters are `until` and `label`. */
export async function pruneContainers(parts: ContainerParts, filters: Filters): Promise<PruneResult> {
  const until = filters.get('until')?.[0];
  const match = await makeMatcher(parts, new Map([...filters].filter(([key]) => key !== 'until')));
  const limit = until === undefined ? undefined : untilDate(until);
  const deleted: string[] = [];
  let reclaimedBytes = 0;
  for (const entry of parts.table.all()) {
    const isIdle = entry.state.status === 'created' || entry.state.status === 'exited';
    if (!isIdle || !match(entry) || (limit !== undefined && entry.record.createdAt >= limit)) continue;
    reclaimedBytes += (await sizeOf(parts, entry)).writableBytes;
    await removeContainer(parts, entry, {});
    deleted.push(entry.id);
  }
  return { deleted, reclaimedBytes };
}

/** A duration back from now (`10m`, `24h`), Unix seconds, or RFC 3339. */
export function untilDate(text: string): Date {
  const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)];
  if (parts.length > 0 && parts.map(([part]) => part).join('') === text) {
    const agoMs = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? 's'] ?? 0), 0);
    return new Date(Date.now() - agoMs);
  }
  return /^\d+(\.\d+)?$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
}
