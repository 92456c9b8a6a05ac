/** `POST /networks/{id}/connect`. */

import { decodeNetworkConnect } from '../../../core/engine-api/networks.ts';
import { endpointRequest } from '../containers/wire/endpoint-decoding.ts';
import { empty, type Endpoint } from '../endpoint.ts';

export const networkConnect: Endpoint = {
  method: 'POST',
  path: '/networks/{id}/connect',
  handle: async (request, { networks, containers }) => {
    const body = await request.json(decodeNetworkConnect);
    const { name } = networks.get(request.params('id'));
    await containers.connectNetwork(body.Container, endpointRequest(name, body.EndpointConfig));
    return empty(200);
  },
};
