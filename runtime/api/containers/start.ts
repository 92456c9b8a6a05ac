/** `POST /containers/{id}/start`. */

import { empty, type Endpoint } from '../endpoint.ts';

export const containerStart: Endpoint = {
  method: 'POST',
  path: '/containers/{id}/start',
  handle: async ({ params }, { containers }) => {
    await containers.start(params('id'));
    return empty();
  },
};
