/** Names of a record that was found by what its sources land. */

import type { CacheRecord, VertexLookup, VertexRequest } from '../../core/build/cache-record.ts';
import { keyOf, keysOf } from '../../core/build/lookup.ts';
import type { VertexId } from '../../core/build/ops.ts';
import type { CacheView } from './cache-store.ts';

/** From now on it is found by these sources, also when their files are gone. */
export async function nameBySources(
  request: VertexRequest,
  record: CacheRecord,
  inputs: ReadonlyMap<VertexId, VertexLookup>,
  cache: Pick<CacheView, 'alias'>,
): Promise<void> {
  if (request.sources.length === 0) return;
  const keys = await keysOf(request, inputs, { contentOf: () => Promise.resolve(undefined) });
  if (keys === undefined || record.key === keys.definition) return;
  const sources = request.sources.flatMap(({ vertex }) => keyOf(inputs.get(vertex)) ?? []);
  cache.alias(record, keys.definition, sources);
}
