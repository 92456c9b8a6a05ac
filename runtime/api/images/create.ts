/** `POST /images/create`: pull (`fromImage`) or import (`fromSrc`). */

import type { Endpoint } from '../endpoint.ts';
import { unimplemented } from '../parts.ts';
import { importAnswer } from './import.ts';

export const imageCreate: Endpoint = {
  method: 'POST',
  path: '/images/create',
  handle: async (request, { images }) => {
    if (request.query.text('fromSrc') !== '') return importAnswer(request, images);
    throw unimplemented(
      `pulling ${request.query.text('fromImage')} from a registry`,
      'bring the image in as an archive with load -i FILE, or build it',
    );
  },
};
