/** `POST /naru/v1/context/open`: what a context at an address is now, and the Dockerfile in it. */

import { randomUUID } from 'node:crypto';

import {
  CONTEXT_OPEN_PATH,
  type ContextOpenAnswer,
  decodeContextOpenRequest,
} from '../../../core/protocol/remote-context.ts';
import { openRemoteContext, readContextDockerfile } from '../../build/remote-context.ts';
import { json as jsonAnswer, type Endpoint } from '../endpoint.ts';

export const contextOpen: Endpoint = {
  method: 'POST',
  path: CONTEXT_OPEN_PATH,
  handle: async ({ json, signal }, { builds }) => {
    const { context, dockerfile, agents: sessions } = await json(decodeContextOpenRequest);
    const agents = builds.agentsOf(sessions);
    const answer = await builds.attended(signal, async (left): Promise<ContextOpenAnswer> => {
      const request = { build: randomUUID(), context, agents, signal: left };
      const opened = await openRemoteContext(builds.parts, request);
      if (dockerfile === undefined) return { context: opened.context };
      return { context: opened.context, dockerfile: await readContextDockerfile(opened, dockerfile) };
    });
    return jsonAnswer(answer);
  },
};
