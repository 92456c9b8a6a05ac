/** `GET /containers/{id}/top`. */

import { json, type Endpoint } from '../endpoint.ts';

export const containerTop: Endpoint = {
  method: 'GET',
  path: '/containers/{id}/top',
  handle: async ({ params, query }, { containers }) => {
    const args = query.text('ps_args');
    const words = (args === '' ? '-ef' : args).split(/\s+/).filter((word) => word !== '');
    const { titles, processes } = await containers.top(params('id'), words);
    return json({ Titles: titles, Processes: processes });
  },
};
