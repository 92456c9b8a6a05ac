/** `GET /containers/json`. */

import { json, type Endpoint } from '../endpoint.ts';
import { present } from '../present.ts';
import type { ListOptions } from '../../engine/containers/requests.ts';
import { networkIds } from './wire/network-ids.ts';
import { containerSummary } from './wire/summary.ts';

export const containerList: Endpoint = {
  method: 'GET',
  path: '/containers/json',
  handle: async ({ query }, { containers, networks }) => {
    const limit = query.integer('limit') ?? 0;
    const options = present<ListOptions>({
      all: query.flag('all'),
      limit: limit > 0 ? limit : undefined,
      filters: query.filters(),
    });
    const now = new Date();
    const networkIdOf = networkIds(networks);
    const wantsSize = query.flag('size');
    const rows = (await containers.list(options)).map(async (detail) => {
      const size = wantsSize ? await containers.size(detail.id) : undefined;
      return containerSummary(detail, networkIdOf, now, size);
    });
    return json(await Promise.all(rows));
  },
};
