/** `GET /images/{name}/history`. */

import { json, type Endpoint } from '../endpoint.ts';
import { historyRows } from './wire/image-bodies.ts';

export const imageHistory: Endpoint = {
  method: 'GET',
  path: '/images/{name*}/history',
  handle: async ({ params }, { images, snapshots }) => {
    const image = await images.get(params('name'));
    const sizes = await Promise.all(image.snapshots.map((name) => snapshots.usageBytes(name)));
    return json(historyRows(image, sizes));
  },
};
