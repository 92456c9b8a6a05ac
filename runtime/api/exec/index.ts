/** Endpoints of exec: processes added to a running container. */

import type { Endpoint } from '../endpoint.ts';
import { execCreate } from './create.ts';
import { execInspect } from './inspect.ts';
import { execResize } from './resize.ts';
import { execStart } from './start.ts';

export const EXEC_ENDPOINTS: readonly Endpoint[] = [execCreate, execStart, execInspect, execResize];
