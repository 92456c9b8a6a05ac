/** `POST /containers/{id}/pause`. */

import { empty, type Endpoint } from '../endpoint.ts';

export const containerPause: Endpoint = {
  method: 'POST',
  path: '/containers/{id}/pause',
  handle: async ({ params }, { containers }) => {
    await containers.pause(params('id'));
    return empty();
  },
};
