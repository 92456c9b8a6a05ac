/** `POST /naru/v1/builds`: starts a build and streams its events; a build that nobody follows any more is cancelled. */

import { decodeBuildRequest } from '../../../core/protocol/build.ts';
import type { Endpoint } from '../endpoint.ts';
import { eventStream } from './event-stream.ts';

export const buildStart: Endpoint = {
  method: 'POST',
  path: '/naru/v1/builds',
  handle: async ({ json, signal }, { builds }) => {
    const id = await builds.start(await json(decodeBuildRequest));
    return eventStream(builds.events(id, 0, signal));
  },
};
