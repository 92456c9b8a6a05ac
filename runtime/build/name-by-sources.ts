/** Names of a record that was found by what its sources land. */

import type { CacheRecord, VertexLookup, VertexRequest } from '../../core/build/cache-record.ts';
import { keyBySources, sourceKeysOf } from '../../core/build/lookup.ts';
import type { VertexId } from '../../core/build/ops.ts';
import type { CacheView } from './cache-store.ts';

/** From now on it is found by these sources, also when their files are gone. */
export async function nameBySources(
  request: VertexRequest,
  record: CacheRecord,
  inputs: ReadonlyMap<VertexId, VertexLookup>,
  cache: Pick<CacheView, 'alias'>,
): Promise<void> {
  const key = await keyBySources(request, inputs);
  if (key !== undefined && key !== record.key) cache.alias(record, key, sourceKeysOf(request, inputs));
}
