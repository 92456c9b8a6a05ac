/** `POST /containers/{id}/update`. */

import { decodeUpdate } from '../../../core/engine-api/host-config.ts';
import { json, type Endpoint } from '../endpoint.ts';
import { resourcesFromWire, restartPolicyFromWire } from './wire/host-decoding.ts';

export const containerUpdate: Endpoint = {
  method: 'POST',
  path: '/containers/{id}/update',
  handle: async (request, { containers }) => {
    const body = await request.json(decodeUpdate);
    const policy = restartPolicyFromWire(body.RestartPolicy);
    const warnings = await containers.update(request.params('id'), resourcesFromWire(body), policy);
    return json({ Warnings: warnings });
  },
};
