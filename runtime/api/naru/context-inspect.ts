/** `GET /naru/v1/context/{id}`: what is lacking of a build context that was sent before. */

import { json, type Endpoint } from '../endpoint.ts';

export const contextInspect: Endpoint = {
  method: 'GET',
  path: '/naru/v1/context/{id}',
  handle: async ({ params }, { builds }) => json(await builds.contexts.answer(params('id'))),
};
