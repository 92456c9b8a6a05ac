/** `PUT /naru/v1/builds/{id}/layers/{diffId}`: a layer that a build asked its client for; an empty body says that it cannot be had. */

import { parseDigest } from '../../../core/oci/digest.ts';
import { empty, type Endpoint } from '../endpoint.ts';

export const buildLayer: Endpoint = {
  method: 'PUT',
  path: '/naru/v1/builds/{id}/layers/{diffId}',
  handle: async ({ params, body }, { builds }) => {
    await builds.offerLayer(params('id'), parseDigest(params('diffId')), body);
    return empty();
  },
};
