/** `DELETE /containers/{id}`. */

import { NaruError } from '../../../core/errors.ts';
import { empty, type Endpoint } from '../endpoint.ts';

export const containerDelete: Endpoint = {
  method: 'DELETE',
  path: '/containers/{id}',
  handle: async ({ params, query }, { containers }) => {
    if (query.flag('link')) {
      throw new NaruError('invalid-argument', 'E_LINK', 'removing links between containers is not supported');
    }
    await containers.remove(params('id'), { force: query.flag('force'), volumes: query.flag('v') });
    return empty();
  },
};
