/** `POST /containers/{id}/stop`. */

import type { StopOptions } from '../../engine/containers/requests.ts';
import { empty, type Endpoint } from '../endpoint.ts';
import { given, present } from '../present.ts';
import type { Query } from '../query.ts';

export const containerStop: Endpoint = {
  method: 'POST',
  path: '/containers/{id}/stop',
  handle: async ({ params, query }, { containers }) => {
    await containers.stop(params('id'), stopOptions(query));
    return empty();
  },
};

/** `t` in seconds and `signal`, both optional; restart takes them as well. */
export function stopOptions(query: Query): StopOptions {
  return present<StopOptions>({
    signal: given(query.text('signal')),
    timeoutSeconds: query.integer('t'),
  });
}
