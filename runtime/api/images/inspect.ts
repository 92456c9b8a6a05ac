/** `GET /images/{name}/json`. */

import { json, type Endpoint } from '../endpoint.ts';
import { imageInspectBody } from './wire/image-bodies.ts';

export const imageInspect: Endpoint = {
  method: 'GET',
  path: '/images/{name*}/json',
  handle: async ({ params, apiMinor }, { images }) =>
    json(imageInspectBody(await images.get(params('name')), apiMinor)),
};
