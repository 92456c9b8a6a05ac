/** `POST /containers/{id}/restart`: ends the run if there is one, and starts the next. */

import type { ContainerEntry } from '../container-entry.ts';
import { publishContainer } from '../container-events.ts';
import type { ContainerParts } from '../parts.ts';
import type { StopOptions } from '../requests.ts';
import { startLocked } from './start.ts';
import { endRun } from './stop.ts';

export async function restartContainer(
  parts: ContainerParts,
  entry: ContainerEntry,
  options: StopOptions,
): Promise<void> {
  // Docker: a restart does not trigger `--rm`.
  entry.keepsAfterExit = true;
  const wasRunning = entry.isRunning;
  try {
    await endRun(parts, entry, options);
    if (wasRunning) publishContainer(parts.events, entry, 'stop');
  } finally {
    entry.keepsAfterExit = false;
  }
  await entry.exclusive(async () => {
    if (entry.isRunning) return;
    entry.change({ isStoppedByUser: false });
    await startLocked(parts, entry);
  });
  publishContainer(parts.events, entry, 'restart');
}
