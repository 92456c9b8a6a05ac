/** `DELETE /networks/{id}`. */

import { empty, type Endpoint } from '../endpoint.ts';

export const networkDelete: Endpoint = {
  method: 'DELETE',
  path: '/networks/{id}',
  handle: async ({ params }, { networks }) => {
    await networks.remove(params('id'));
    return empty();
  },
};
