/** `POST /containers/{id}/unpause`. */

import { empty, type Endpoint } from '../endpoint.ts';

export const containerUnpause: Endpoint = {
  method: 'POST',
  path: '/containers/{id}/unpause',
  handle: async ({ params }, { containers }) => {
    await containers.unpause(params('id'));
    return empty();
  },
};
