/** Endpoints of volumes. */

import type { Endpoint } from '../endpoint.ts';
import { volumeCreate } from './create.ts';
import { volumeDelete } from './delete.ts';
import { volumeInspect } from './inspect.ts';
import { volumeList } from './list.ts';
import { volumePrune } from './prune.ts';

export const VOLUME_ENDPOINTS: readonly Endpoint[] = [
  volumeList,
  volumeCreate,
  volumePrune,
  volumeInspect,
  volumeDelete,
];
