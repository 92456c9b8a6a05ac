/** `GET /containers/{id}/attach/ws`: attach over a WebSocket, which no current client uses. */

import type { Endpoint } from '../endpoint.ts';
import { unimplemented } from '../parts.ts';

export const containerAttachWs: Endpoint = {
  method: 'GET',
  path: '/containers/{id}/attach/ws',
  handle: async () => {
    throw unimplemented('attach over a WebSocket');
  },
};
