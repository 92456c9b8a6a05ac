/** `GET /naru/v1/context/{id}`: what is lacking of a build context that was sent before. */

import { json, type Endpoint } from '../endpoint.ts';
import { contextSessionOf } from './context-session.ts';

export const contextInspect: Endpoint = {
  method: 'GET',
  path: '/naru/v1/context/{id}',
  handle: async ({ params, headers }, { builds }) => {
    const id = params('id');
    builds.sessions.hold(contextSessionOf(headers), id);
    return json(await builds.contexts.answer(id));
  },
};
