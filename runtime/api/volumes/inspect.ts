/** `GET /volumes/{name}`. */

import { json, type Endpoint } from '../endpoint.ts';
import { volumeBody } from './volume-body.ts';

export const volumeInspect: Endpoint = {
  method: 'GET',
  path: '/volumes/{name}',
  handle: async ({ params }, { volumes }) => json(volumeBody(volumes.get(params('name')))),
};
