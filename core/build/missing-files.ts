/** What COPY, ADD and mounts would not find in files that the cache has: a build stops there, and here it is said beforehand, for a preview. */

import type { SelectionFault } from '../context/selected.ts';
import type { Digest } from '../oci/digest.ts';

import type { CacheIndex, VertexLookup, VertexRequest } from './cache-record.ts';
import type { VertexId } from './ops.ts';

/** The answers of a whole plan, one per request, with the faults of those that are no hit. `keyOf` answers the key of a vertex, where it has one. */
export async function withMissingFiles(
  requests: readonly VertexRequest[],
  answers: readonly VertexLookup[],
  keyOf: (id: VertexId) => Digest | undefined,
  index: Pick<CacheIndex, 'faultsOf'>,
): Promise<readonly VertexLookup[]> {
  const told: VertexLookup[] = [];
  for (const [at, answer] of answers.entries()) {
    const faults: SelectionFault[] = [];
    const isOpen = answer.outcome === 'miss' || answer.outcome === 'depends';
    for (const { vertex, selection } of isOpen ? (requests[at]?.sources ?? []) : []) {
      const key = keyOf(vertex);
      if (key !== undefined && selection.kind !== 'layer')
        faults.push(...(await index.faultsOf(key, selection)));
    }
    told.push(isOpen && faults.length > 0 ? { ...answer, faults } : answer);
  }
  return told;
}
