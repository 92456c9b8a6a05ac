/** Endpoints of networks. */

import type { Endpoint } from '../endpoint.ts';
import { networkConnect } from './connect.ts';
import { networkCreate } from './create.ts';
import { networkDelete } from './delete.ts';
import { networkDisconnect } from './disconnect.ts';
import { networkInspect } from './inspect.ts';
import { networkList } from './list.ts';
import { networkPrune } from './prune.ts';

export const NETWORK_ENDPOINTS: readonly Endpoint[] = [
  networkList,
  networkCreate,
  networkPrune,
  networkInspect,
  networkDelete,
  networkConnect,
  networkDisconnect,
];
