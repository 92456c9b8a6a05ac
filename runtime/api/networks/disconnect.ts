/** `POST /networks/{id}/disconnect`. */

import { decodeNetworkDisconnect } from '../../../core/engine-api/networks.ts';
import { empty, type Endpoint } from '../endpoint.ts';

export const networkDisconnect: Endpoint = {
  method: 'POST',
  path: '/networks/{id}/disconnect',
  handle: async (request, { networks, containers }) => {
    const body = await request.json(decodeNetworkDisconnect);
    const { name } = networks.get(request.params('id'));
    await containers.disconnectNetwork(body.Container, name);
    return empty(200);
  },
};
