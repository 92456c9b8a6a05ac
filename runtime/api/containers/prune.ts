/** `POST /containers/prune`. */

import { json, type Endpoint } from '../endpoint.ts';
import { untilOf } from '../labels.ts';
import { requireKnownFilters } from '../query.ts';

export const containerPrune: Endpoint = {
  method: 'POST',
  path: '/containers/prune',
  since: 25,
  handle: async ({ query }, { containers }) => {
    const filters = query.filters();
    requireKnownFilters(filters, ['label', 'label!', 'until']);
    const until = untilOf(filters, new Date());
    const labels = new Map([...filters].filter(([key]) => key !== 'until'));
    const { deleted, reclaimedBytes } = await containers.prune(labels, until);
    return json({ ContainersDeleted: deleted.length === 0 ? null : deleted, SpaceReclaimed: reclaimedBytes });
  },
};
