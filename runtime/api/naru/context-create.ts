/** `POST /naru/v1/context`: the manifest of a build context; the answer says which contents are lacking. */

import { CONTEXT_PATH } from '../../../core/protocol/context-sync.ts';
import { json, type Endpoint } from '../endpoint.ts';

export const contextCreate: Endpoint = {
  method: 'POST',
  path: CONTEXT_PATH,
  handle: async ({ body }, { builds }) => json(await builds.contexts.receiveManifest(body)),
};
