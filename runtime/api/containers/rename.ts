/** `POST /containers/{id}/rename`. */

import { NaruError } from '../../../core/errors.ts';
import { empty, type Endpoint } from '../endpoint.ts';

export const containerRename: Endpoint = {
  method: 'POST',
  path: '/containers/{id}/rename',
  handle: async ({ params, query }, { containers }) => {
    const name = query.text('name');
    if (name === '') {
      throw new NaruError('invalid-argument', 'E_NAME', 'Neither old nor new names may be empty');
    }
    await containers.rename(params('id'), name);
    return empty();
  },
};
