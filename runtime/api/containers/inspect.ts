/** `GET /containers/{id}/json`. */

import { json, type Endpoint } from '../endpoint.ts';
import { inspectBody } from './wire/inspect-body.ts';

export const containerInspect: Endpoint = {
  method: 'GET',
  path: '/containers/{id}/json',
  handle: async ({ params, query }, { containers, networkIdOf }) => {
    const detail = await containers.inspect(params('id'));
    const size = query.flag('size') ? await containers.size(detail.id) : undefined;
    return json(inspectBody(detail, networkIdOf, size));
  },
};
