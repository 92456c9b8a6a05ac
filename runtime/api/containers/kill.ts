/** `POST /containers/{id}/kill`. */

import { empty, type Endpoint } from '../endpoint.ts';

export const containerKill: Endpoint = {
  method: 'POST',
  path: '/containers/{id}/kill',
  handle: async ({ params, query }, { containers }) => {
    await containers.kill(params('id'), query.text('signal'));
    return empty();
  },
};
