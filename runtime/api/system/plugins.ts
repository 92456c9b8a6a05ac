/** `GET /plugins`: none, and there never are any; `docker plugin ls` and `docker system info` ask. */

import { json, type Endpoint } from '../endpoint.ts';

export const systemPlugins: Endpoint = {
  method: 'GET',
  path: '/plugins',
  handle: async () => json([]),
};
