/** Endpoints of building. */

import type { Endpoint } from '../endpoint.ts';
import { imageBuild } from './build.ts';
import { buildPrune } from './prune.ts';

export const BUILD_ENDPOINTS: readonly Endpoint[] = [imageBuild, buildPrune];
