/** `GET /volumes`. */

import { json, type Endpoint } from '../endpoint.ts';
import { requireKnownFilters } from '../query.ts';
import { volumeBody } from './volume-body.ts';

export const volumeList: Endpoint = {
  method: 'GET',
  path: '/volumes',
  handle: async ({ query }, { volumes }) => {
    const filters = query.filters();
    requireKnownFilters(filters, ['dangling', 'driver', 'label', 'name']);
    return json({ Volumes: volumes.list(filters).map((volume) => volumeBody(volume)), Warnings: null });
  },
};
