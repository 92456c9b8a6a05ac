/** `POST /images/load`: a `docker save` archive or an OCI layout, compressed or not. */

import type { Endpoint } from '../endpoint.ts';
import { progressAnswer } from '../progress.ts';

export const imageLoad: Endpoint = {
  method: 'POST',
  path: '/images/load',
  handle: async ({ body, signal }, { images }) =>
    progressAnswer(async (send) => {
      // The store says what it loaded, in Docker's words.
      await images.load(body, (text) => send({ stream: text.endsWith('\n') ? text : `${text}\n` }), signal);
    }),
};
