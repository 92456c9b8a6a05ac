/** `GET /naru/v1/builds/{id}/archive?name=…`: the image that a build made, as one archive, under these names. */

import { parseReference } from '../../../core/oci/reference.ts';
import type { Endpoint } from '../endpoint.ts';

export const buildArchive: Endpoint = {
  method: 'GET',
  path: '/naru/v1/builds/{id}/archive',
  handle: async ({ params, query, signal }, { builds }) => {
    const send = await builds.archive(params('id'), query.all('name').map(parseReference));
    return { kind: 'stream', contentType: 'application/x-tar', write: (out) => send(out, signal) };
  },
};
