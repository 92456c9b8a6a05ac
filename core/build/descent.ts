/** Which steps a cache must know by key although their results are gone: those that what is left of it was made from. */

import type { Digest } from '../oci/digest.ts';
import type { CacheRecord } from './cache-record.ts';

type Related = Pick<CacheRecord, 'key' | 'rootKey' | 'sourceKeys'>;

/** Of `absent` those that a record of `present` was made from, at whatever remove, and that no present record stands for. */
export function ancestorsAmong<R extends Related>(
  absent: readonly R[],
  present: readonly Related[],
): ReadonlySet<R> {
  const standing = new Set(present.map(({ key }) => key));
  const byKey = new Map(absent.filter(({ key }) => !standing.has(key)).map((record) => [record.key, record]));
  const found = new Set<R>();
  const keys = present.flatMap(parentsOf);
  for (let key = keys.pop(); key !== undefined; key = keys.pop()) {
    const record = byKey.get(key);
    if (record === undefined || found.has(record)) continue;
    found.add(record);
    keys.push(...parentsOf(record));
  }
  return found;
}

function parentsOf({ rootKey, sourceKeys = [] }: Related): Digest[] {
  return rootKey === undefined ? [...sourceKeys] : [rootKey, ...sourceKeys];
}
