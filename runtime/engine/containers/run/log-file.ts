/** Where a container's log is, and keeping it within `max-size`. */

import { join } from 'node:path';

import { LogRotation } from '../../../oci-runtime/log-rotation.ts';
import { bundleDir } from '../../../oci-runtime/runtime-dirs.ts';
import type { ContainerEntry } from '../container-entry.ts';
import type { ContainerId } from '../container.ts';
import type { ContainerParts } from '../parts.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

export function logFileOf(parts: ContainerParts, id: ContainerId): string {
  return join(parts.options.stateDir, id, 'log', 'container.log');
}

export function watchLogSize(parts: ContainerParts, entry: ContainerEntry): void {
  const options = entry.record.host.logOptions ?? {};
  const maxSizeBytes = parseSize(options['max-size'] ?? '');
  if (maxSizeBytes === undefined || entry.record.host.logDriver === 'none') return;
  entry.companions.add(
    new LogRotation({
      logFile: logFileOf(parts, entry.id),
      maxSizeBytes,
      maxFiles: Math.max(1, Number(options['max-file'] ?? '1') || 1),
      monitorDirectory: bundleDir(parts.dirs, entry.id),
    }),
  );
}

/** `10m`, `512kb`, `1000`; undefined for what is no size. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([bkmg]?)b?$/i.exec(text.trim());
  if (match === null) return undefined;
  return Math.floor(Number(match[1]) * (UNITS[(match[2] ?? '').toLowerCase()] ?? 1));
}
