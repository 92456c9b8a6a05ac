/** `POST /build/prune`. */

import { json, type Endpoint } from '../endpoint.ts';

export const buildPrune: Endpoint = {
  method: 'POST',
  path: '/build/prune',
  since: 31,
  handle: async () => json({ CachesDeleted: null, SpaceReclaimed: 0 }),
};
