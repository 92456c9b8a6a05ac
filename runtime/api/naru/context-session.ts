/** `POST /naru/v1/context/sessions/{session}`: stays open for as long as its client wants the contexts that it asks about. */

import type { IncomingHttpHeaders } from 'node:http';

import { checkContextSession, CONTEXT_SESSION_HEADER } from '../../../core/protocol/context-sync.ts';
import type { Endpoint } from '../endpoint.ts';

export const contextSession: Endpoint = {
  method: 'POST',
  path: '/naru/v1/context/sessions/{session}',
  handle: async ({ params, signal }, { builds }) => {
    const over = builds.sessions.open(checkContextSession(params('session')), signal);
    return { kind: 'stream', contentType: 'text/plain', write: () => over };
  },
};

/** The session that a request belongs to; undefined for a client that has none. @throws NaruError "invalid-argument" */
export function contextSessionOf(headers: IncomingHttpHeaders): string | undefined {
  const session = headers[CONTEXT_SESSION_HEADER];
  return session === undefined ? undefined : checkContextSession(String(session));
}
