/** `POST /naru/v1/agents/{session}`: a connection that waits until a step wants the client's SSH agent. */

import { checkAgentSession } from '../../../core/protocol/agent-stream.ts';
import type { Endpoint } from '../endpoint.ts';

export const agentPark: Endpoint = {
  method: 'POST',
  path: '/naru/v1/agents/{session}',
  handle: async ({ params }, { builds }) => {
    const session = checkAgentSession(params('session'));
    return {
      kind: 'hijack',
      contentType: 'application/octet-stream',
      run: (connection) => builds.agents.park(session, connection),
    };
  },
};
