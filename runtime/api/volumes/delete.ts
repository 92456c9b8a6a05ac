/** `DELETE /volumes/{name}`. */

import { empty, type Endpoint } from '../endpoint.ts';

export const volumeDelete: Endpoint = {
  method: 'DELETE',
  path: '/volumes/{name}',
  handle: async ({ params, query }, { volumes }) => {
    volumes.remove(params('name'), query.flag('force'));
    return empty();
  },
};
