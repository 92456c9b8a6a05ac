/** `DELETE /naru/v1/builds/{id}`: stops a build. */

import { empty, type Endpoint } from '../endpoint.ts';

export const buildCancel: Endpoint = {
  method: 'DELETE',
  path: '/naru/v1/builds/{id}',
  handle: async ({ params }, { builds }) => {
    builds.cancel(params('id'));
    return empty();
  },
};
