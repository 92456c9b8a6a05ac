/** Every endpoint the engine answers, by resource. A new file in a resource's folder needs its line in that folder's index. */

import { CONTAINER_ENDPOINTS } from './containers/index.ts';
import type { Endpoint } from './endpoint.ts';
import { EXEC_ENDPOINTS } from './exec/index.ts';
import { SYSTEM_ENDPOINTS } from './system/index.ts';

export const ENDPOINTS: readonly Endpoint[] = [
  ...SYSTEM_ENDPOINTS,
  ...CONTAINER_ENDPOINTS,
  ...EXEC_ENDPOINTS,
];
