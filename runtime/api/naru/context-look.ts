/** `POST /naru/v1/context/look`: the state of a directory of this machine, for a client that sees the same files. */

import { CONTEXT_LOOK_PATH, decodeContextLookRequest } from '../../../core/protocol/context-look.ts';
import { json as jsonAnswer, type Endpoint } from '../endpoint.ts';

export const contextLook: Endpoint = {
  method: 'POST',
  path: CONTEXT_LOOK_PATH,
  handle: async ({ json, signal }, { builds }) =>
    jsonAnswer(await builds.looks.look(await json(decodeContextLookRequest), signal)),
};
