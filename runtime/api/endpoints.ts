/** Every endpoint the engine answers, by resource. A new file in a resource's folder needs its line in that folder's index. */

import { BUILD_ENDPOINTS } from './build/index.ts';
import { CONTAINER_ENDPOINTS } from './containers/index.ts';
import type { Endpoint } from './endpoint.ts';
import { EXEC_ENDPOINTS } from './exec/index.ts';
import { IMAGE_ENDPOINTS } from './images/index.ts';
import { NARU_ENDPOINTS } from './naru/index.ts';
import { NETWORK_ENDPOINTS } from './networks/index.ts';
import { SYSTEM_ENDPOINTS } from './system/index.ts';
import { UNIMPLEMENTED_ENDPOINTS } from './unimplemented/index.ts';
import { VOLUME_ENDPOINTS } from './volumes/index.ts';

/** Tried in order, so what is unimplemented comes last. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...SYSTEM_ENDPOINTS,
  ...CONTAINER_ENDPOINTS,
  ...EXEC_ENDPOINTS,
  ...IMAGE_ENDPOINTS,
  ...NETWORK_ENDPOINTS,
  ...VOLUME_ENDPOINTS,
  ...BUILD_ENDPOINTS,
  ...NARU_ENDPOINTS,
  ...UNIMPLEMENTED_ENDPOINTS,
];
