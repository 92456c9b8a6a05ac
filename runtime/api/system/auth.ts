/** `POST /auth`: checks credentials against a registry. */

import type { Endpoint } from '../endpoint.ts';
import { unimplemented } from '../parts.ts';

export const systemAuth: Endpoint = {
  method: 'POST',
  path: '/auth',
  handle: async () => {
    throw unimplemented('logging in to a registry');
  },
};
