/** `POST /naru/v1/caches`: records of a cache from elsewhere; builds and previews name it by the id that is answered. */

import { CACHES_PATH } from '../../../core/protocol/cache-carry.ts';
import { json, type Endpoint } from '../endpoint.ts';

export const cacheReceive: Endpoint = {
  method: 'POST',
  path: CACHES_PATH,
  handle: async ({ body }, { builds }) => json({ id: await builds.caches.receive(body) }),
};
