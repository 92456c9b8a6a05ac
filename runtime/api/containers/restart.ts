/** `POST /containers/{id}/restart`. */

import { empty, type Endpoint } from '../endpoint.ts';
import { stopOptions } from './stop.ts';

export const containerRestart: Endpoint = {
  method: 'POST',
  path: '/containers/{id}/restart',
  handle: async ({ params, query }, { containers }) => {
    await containers.restart(params('id'), stopOptions(query));
    return empty();
  },
};
