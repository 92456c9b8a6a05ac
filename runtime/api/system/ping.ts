/** `GET /_ping`: alive, and which API and builder a client should use. */

import type { Answer, Endpoint } from '../endpoint.ts';

export const systemPing: Endpoint = {
  method: 'GET',
  path: '/_ping',
  handle: async () => pong(),
};

export const systemPingHead: Endpoint = { ...systemPing, method: 'HEAD' };

/** `Builder-Version: 1` makes clients build by `POST /build`. */
function pong(): Answer {
  return {
    kind: 'text',
    status: 200,
    text: 'OK',
    headers: {
      'Builder-Version': '1',
      'Cache-Control': 'no-cache, no-store, must-revalidate',
      Pragma: 'no-cache',
      Swarm: 'inactive',
    },
  };
}
