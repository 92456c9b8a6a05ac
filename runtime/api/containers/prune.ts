/** `POST /containers/prune`. */

import { json, type Endpoint } from '../endpoint.ts';
import { requireKnownFilters } from '../query.ts';

export const containerPrune: Endpoint = {
  method: 'POST',
  path: '/containers/prune',
  since: 25,
  handle: async ({ query }, { containers }) => {
    const filters = query.filters();
    requireKnownFilters(filters, ['label', 'label!', 'until']);
    const { deleted, reclaimedBytes } = await containers.prune(filters);
    return json({ ContainersDeleted: deleted.length === 0 ? null : deleted, SpaceReclaimed: reclaimedBytes });
  },
};
