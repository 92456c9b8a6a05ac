/** `POST /naru/v1/builds/{id}/cache`: the steps of a build that succeeded, and the layers the client lacks, as a tar. */

import { decodeCacheExportRequest } from '../../../core/protocol/cache-carry.ts';
import type { Endpoint } from '../endpoint.ts';

export const buildCache: Endpoint = {
  method: 'POST',
  path: '/naru/v1/builds/{id}/cache',
  handle: async ({ params, json, signal }, { builds }) => {
    const request = await json(decodeCacheExportRequest);
    const write = builds.carry(params('id'), request);
    return { kind: 'stream', contentType: 'application/x-tar', write: (out) => write(out, signal) };
  },
};
