/** `GET /containers/{id}/json`. */

import { json, type Endpoint } from '../endpoint.ts';
import { networkIds } from './wire/network-ids.ts';
import { inspectBody } from './wire/inspect-body.ts';

export const containerInspect: Endpoint = {
  method: 'GET',
  path: '/containers/{id}/json',
  handle: async ({ params, query }, { containers, networks }) => {
    const detail = await containers.inspect(params('id'));
    const size = query.flag('size') ? await containers.size(detail.id) : undefined;
    return json(inspectBody(detail, networkIds(networks), size));
  },
};
