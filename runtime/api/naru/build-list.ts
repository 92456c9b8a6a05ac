/** `GET /naru/v1/builds`: how many builds run. */

import type { BuildsAnswer } from '../../../core/protocol/build.ts';
import { json, type Endpoint } from '../endpoint.ts';

export const buildList: Endpoint = {
  method: 'GET',
  path: '/naru/v1/builds',
  handle: async (_request, { builds }) => json({ nRunning: builds.nRunning } satisfies BuildsAnswer),
};
