/**
 * Vertices of one plan that would do exactly the same, as when two stages start with the same COPY: the first is executed, the others take its result.
 * Found before anything is looked up, so that a build in parallel and a preview agree on which one runs.
 */

import type { Digest } from '../oci/digest.ts';

import { definitionSourceKey } from './cache-key.ts';
import type { VertexRequest } from './cache-record.ts';
import { digestOfParts } from './encoding.ts';
import type { VertexId } from './ops.ts';

/** Later vertex -> the first one like it. `requests` in plan order. Images, stages and metadata do nothing and have no twins. */
export function findTwins(requests: readonly VertexRequest[]): ReadonlyMap<VertexId, VertexId> {
  const identities = new Map<VertexId, Digest>();
  const first = new Map<Digest, VertexId>();
  const twins = new Map<VertexId, VertexId>();
  for (const request of requests) {
    const identity = identityOf(request, identities);
    identities.set(request.id, identity);
    if (!isExecuted(request)) continue;
    const earlier = first.get(identity);
    if (earlier === undefined) first.set(identity, request.id);
    else twins.set(request.id, earlier);
  }
  return twins;
}

function isExecuted(request: VertexRequest): boolean {
  return request.givenKey === undefined && request.kind !== 'stage' && request.kind !== 'metadata';
}

function identityOf(request: VertexRequest, identities: ReadonlyMap<VertexId, Digest>): Digest {
  const root = request.root === undefined ? undefined : identities.get(request.root);
  if (request.givenKey !== undefined) return request.givenKey;
  if (root !== undefined && !isExecuted(request)) return root;
  if (request.local === undefined) return digestOfParts('unknown', [String(request.id)]);
  const sources = request.sources.map(({ vertex, selection }) => {
    const source = identities.get(vertex);
    return source === undefined ? undefined : definitionSourceKey(source, selection);
  });
  return digestOfParts('twin', [request.local, root, String(request.isForced), ...sources]);
}
