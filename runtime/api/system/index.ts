/** Endpoints of the system itself. */

import type { Endpoint } from '../endpoint.ts';
import { systemPing, systemPingHead } from './ping.ts';
import { systemVersion } from './version.ts';

export const SYSTEM_ENDPOINTS: readonly Endpoint[] = [systemPing, systemPingHead, systemVersion];
