/** Which steps a cache must know by key although their results are gone: those that what is left of it was made from. */

import type { Digest } from '../oci/digest.ts';
import type { CacheRecord } from './cache-record.ts';

type Related = Pick<CacheRecord, 'key' | 'aliases' | 'rootKey' | 'sourceKeys'>;

/** Of `absent` those that a record of `present` was made from, at whatever remove, and that no present record stands for. */
export function ancestorsAmong<R extends Related>(
  absent: readonly R[],
  present: readonly Related[],
): ReadonlySet<R> {
  const byName = new Map<Digest, R[]>();
  const standing = new Set(present.map(({ key }) => key));
  for (const record of absent) {
    if (standing.has(record.key)) continue;
    for (const name of new Set([record.key, ...record.aliases])) {
      const others = byName.get(name);
      if (others === undefined) byName.set(name, [record]);
      else others.push(record);
    }
  }
  const found = new Set<R>();
  const seen = new Set<Digest>();
  const names = present.flatMap(parentsOf);
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const record of byName.get(name) ?? []) {
      found.add(record);
      names.push(...parentsOf(record));
    }
  }
  return found;
}

function parentsOf({ rootKey, sourceKeys = [] }: Related): Digest[] {
  return rootKey === undefined ? [...sourceKeys] : [rootKey, ...sourceKeys];
}
