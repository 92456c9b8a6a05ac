/** `POST /build/prune`: forgets the build cache. */

import { json, type Endpoint } from '../endpoint.ts';

export const buildPrune: Endpoint = {
  method: 'POST',
  path: '/build/prune',
  since: 31,
  handle: async (_request, { builds }) => {
    const { removed, bytes } = await builds.parts.cache.prune();
    return json({ CachesDeleted: removed.length === 0 ? null : removed, SpaceReclaimed: bytes });
  },
};
