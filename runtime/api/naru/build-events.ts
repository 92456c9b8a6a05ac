/** `GET /naru/v1/builds/{id}/events?after=N`: the events of a build after the N-th, until it is over. */

import type { Endpoint } from '../endpoint.ts';
import { eventStream } from './event-stream.ts';

export const buildEvents: Endpoint = {
  method: 'GET',
  path: '/naru/v1/builds/{id}/events',
  handle: async ({ params, query, signal }, { builds }) => {
    const id = params('id');
    builds.requireKnown(id);
    return eventStream(builds.events(id, query.integer('after') ?? 0, signal));
  },
};
