/** `GET /containers/json`. */

import { json, type Endpoint } from '../endpoint.ts';
import { present } from '../present.ts';
import type { ListOptions } from '../../engine/containers/requests.ts';
import { namedImages } from './wire/named-images.ts';
import { networkIds } from './wire/network-ids.ts';
import { containerSummary } from './wire/summary.ts';

export const containerList: Endpoint = {
  method: 'GET',
  path: '/containers/json',
  handle: async ({ query }, { containers, images, networks }) => {
    const limit = query.integer('limit') ?? 0;
    const options = present<ListOptions>({
      all: query.flag('all'),
      limit: limit > 0 ? limit : undefined,
      filters: query.filters(),
    });
    const now = new Date();
    const networkIdOf = networkIds(networks);
    const wantsSize = query.flag('size');
    const details = await containers.list(options);
    const isNamed = await namedImages(images, details);
    const rows = details.map(async (detail) => {
      const size = wantsSize ? await containers.size(detail.id) : undefined;
      return containerSummary(detail, { networkIdOf, now, isNamed }, size);
    });
    return json(await Promise.all(rows));
  },
};
