/** `GET /images/json`. */

import { sharedLayers } from '../../engine/system/layer-usage.ts';
import { json, type Endpoint } from '../endpoint.ts';
import { listImages } from './filtering.ts';
import { imageSummary } from './wire/image-bodies.ts';

export const imageList: Endpoint = {
  method: 'GET',
  path: '/images/json',
  handle: async ({ query, apiMinor }, { images, snapshots }) => {
    const found = await listImages(images, query.filters(), new Date());
    if (!query.flag('shared-size')) return json(found.map((image) => imageSummary(image, apiMinor)));
    const sharedBytes = await sharedLayers(await images.list(), snapshots);
    return json(found.map((image) => imageSummary(image, apiMinor, { sharedBytes: sharedBytes(image) })));
  },
};
