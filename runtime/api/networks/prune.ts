/** `POST /networks/prune`. */

import { json, type Endpoint } from '../endpoint.ts';
import { untilOf } from '../labels.ts';
import { requireKnownFilters } from '../query.ts';

export const networkPrune: Endpoint = {
  method: 'POST',
  path: '/networks/prune',
  since: 25,
  handle: async ({ query }, { networks, containers }) => {
    const filters = query.filters();
    requireKnownFilters(filters, ['label', 'label!', 'until']);
    const until = untilOf(filters, new Date());
    const labels = new Map([...filters].filter(([key]) => key !== 'until'));
    const details = await containers.list({ all: true });
    const used = new Set(details.flatMap((detail) => detail.networks.map(({ network }) => network)));
    const deleted = await networks.prune(labels, until, ({ name, id }) => used.has(name) || used.has(id));
    return json({ NetworksDeleted: deleted.length === 0 ? null : deleted });
  },
};
