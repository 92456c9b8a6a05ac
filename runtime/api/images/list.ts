/** `GET /images/json`. */

import { json, type Endpoint } from '../endpoint.ts';
import { listImages } from './filtering.ts';
import { imageSummary } from './wire/image-bodies.ts';

export const imageList: Endpoint = {
  method: 'GET',
  path: '/images/json',
  handle: async ({ query, apiMinor }, { images }) => {
    const found = await listImages(images, query.filters(), new Date());
    return json(found.map((image) => imageSummary(image, apiMinor)));
  },
};
