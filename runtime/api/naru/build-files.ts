/** `GET /naru/v1/builds/{id}/files`: the files that a build made, as a tar. */

import type { Endpoint } from '../endpoint.ts';

export const buildFiles: Endpoint = {
  method: 'GET',
  path: '/naru/v1/builds/{id}/files',
  handle: async ({ params, signal }, { builds }) => {
    const send = await builds.files(params('id'));
    return { kind: 'stream', contentType: 'application/x-tar', write: (out) => send(out, signal) };
  },
};
