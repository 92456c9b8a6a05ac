/** `POST /naru/v1/agents/{session}`: a connection that waits until a step wants the client's SSH agent. */

import type { Endpoint } from '../endpoint.ts';

export const agentPark: Endpoint = {
  method: 'POST',
  path: '/naru/v1/agents/{session}',
  handle: async ({ params }, { builds }) => ({
    kind: 'hijack',
    contentType: 'application/octet-stream',
    run: (connection) => builds.agents.park(params('session'), connection),
  }),
};
