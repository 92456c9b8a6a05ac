/** `POST /volumes/create`. */

import { decodeVolumeCreate } from '../../../core/engine-api/volumes.ts';
import type { VolumeRequest } from '../../engine/volumes/volumes.ts';
import { json, type Endpoint } from '../endpoint.ts';
import { given, present } from '../present.ts';
import { volumeBody } from './volume-body.ts';

export const volumeCreate: Endpoint = {
  method: 'POST',
  path: '/volumes/create',
  handle: async (request, { volumes }) => {
    const body = await request.json(decodeVolumeCreate);
    const wanted = present<VolumeRequest>({
      name: given(body.Name),
      driver: given(body.Driver),
      labels: given(body.Labels),
      options: given(body.DriverOpts),
    });
    return json(volumeBody(volumes.create(wanted)), 201);
  },
};
