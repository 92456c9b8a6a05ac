/** `POST /naru/v1/context`: the manifest of a build context; the answer says which contents are lacking. */

import { CONTEXT_PATH } from '../../../core/protocol/context-sync.ts';
import { json, type Endpoint } from '../endpoint.ts';
import { contextSessionOf } from './context-session.ts';

export const contextCreate: Endpoint = {
  method: 'POST',
  path: CONTEXT_PATH,
  handle: async ({ body, headers }, { builds }) => {
    const session = contextSessionOf(headers);
    return json(await builds.contexts.receiveManifest(body, (id) => builds.sessions.hold(session, id)));
  },
};
