/** `POST /images/{name}/tag`. */

import { NaruError } from '../../../core/errors.ts';
import { empty, type Endpoint } from '../endpoint.ts';

export const imageTag: Endpoint = {
  method: 'POST',
  path: '/images/{name*}/tag',
  handle: async ({ params, query }, { images }) => {
    const repository = query.text('repo');
    if (repository === '') {
      throw new NaruError(
        'invalid-argument',
        'E_REFERENCE',
        'invalid reference format: repository name is empty',
      );
    }
    const image = await images.get(params('name'));
    const tag = query.text('tag');
    await images.tag(image.id, tag === '' ? repository : `${repository}:${tag}`);
    return empty(201);
  },
};
