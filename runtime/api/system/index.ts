/** Endpoints of the system itself. */

import type { Endpoint } from '../endpoint.ts';
import { systemDf } from './df.ts';
import { systemEvents } from './events.ts';
import { systemInfo } from './info.ts';
import { systemPing, systemPingHead } from './ping.ts';
import { systemPlugins } from './plugins.ts';
import { systemVersion } from './version.ts';

export const SYSTEM_ENDPOINTS: readonly Endpoint[] = [
  systemPing,
  systemPingHead,
  systemVersion,
  systemInfo,
  systemDf,
  systemEvents,
  systemPlugins,
];
