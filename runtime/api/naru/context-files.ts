/** `PUT /naru/v1/context/{id}/files`: contents of a build context, as a tar of blobs named by digest. */

import { json, type Endpoint } from '../endpoint.ts';

export const contextFiles: Endpoint = {
  method: 'PUT',
  path: '/naru/v1/context/{id}/files',
  handle: async ({ params, body, signal }, { builds }) =>
    json(await builds.contexts.receiveFiles(params('id'), body, signal)),
};
