/** `GET /networks/{id}`. */

import { json, type Endpoint } from '../endpoint.ts';
import { networkBody } from './network-body.ts';

export const networkInspect: Endpoint = {
  method: 'GET',
  path: '/networks/{id}',
  handle: async ({ params }, { networks }) => json(networkBody(networks.inspect(params('id')))),
};
