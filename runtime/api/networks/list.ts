/** `GET /networks`. */

import { json, type Endpoint } from '../endpoint.ts';
import { networkBody } from './network-body.ts';

export const networkList: Endpoint = {
  method: 'GET',
  path: '/networks',
  handle: async ({ query }, { networks }) =>
    json(networks.list(query.filters()).map((network) => networkBody(network, []))),
};
