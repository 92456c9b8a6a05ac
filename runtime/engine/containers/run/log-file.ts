/** Where a container's log is, and how much of it is kept. */

import { join } from 'node:path';

import type { MonitoredLog } from '../../../oci-runtime/conmon.ts';
import type { ContainerId, ContainerRecord } from '../container.ts';
import type { ContainerParts } from '../parts.ts';
import { logLimits } from './log-options.ts';

export function logFileOf(parts: ContainerParts, id: ContainerId): string {
  return join(parts.options.stateDir, id, 'log', 'container.log');
}

/** What the monitor is to write; undefined where nothing is logged. */
export function logOf(parts: ContainerParts, { id, host }: ContainerRecord): MonitoredLog | undefined {
  if (host.logDriver === 'none') return undefined;
  return { file: logFileOf(parts, id), ...logLimits(host) };
}
