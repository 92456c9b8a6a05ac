/** `POST /naru/v1/cache/resolve`: which vertices of a plan would hit. */

import { CACHE_RESOLVE_PATH, decodeCacheResolveRequest } from '../../../core/protocol/cache-resolve.ts';
import { json as jsonAnswer, type Endpoint } from '../endpoint.ts';

export const cacheResolve: Endpoint = {
  method: 'POST',
  path: CACHE_RESOLVE_PATH,
  handle: async ({ json }, { builds }) => {
    const { vertices, cacheFrom } = await json(decodeCacheResolveRequest);
    return jsonAnswer({ lookups: await builds.lookup(vertices, cacheFrom) });
  },
};
