/** `GET /containers/{id}/export`: the root file system as a tar stream. */

import { pipeline } from 'node:stream/promises';

import type { Endpoint } from '../endpoint.ts';

export const containerExport: Endpoint = {
  method: 'GET',
  path: '/containers/{id}/export',
  handle: async ({ params, signal }, { containers }) => {
    const tar = await containers.export(params('id'));
    return {
      kind: 'stream',
      contentType: 'application/x-tar',
      write: (out) => pipeline(tar, out, { end: false, signal }),
    };
  },
};
