/** `POST /containers/{id}/wait`. */

import type { ContainerEntry } from '../container-entry.ts';
import type { WaitCondition, WaitResult } from '../requests.ts';

/** `ready` is called when the condition can no longer be missed. */
export async function waitForContainer(
  entry: ContainerEntry,
  condition: WaitCondition,
  signal: AbortSignal,
  ready: () => void,
): Promise<WaitResult> {
  const { exitCode, error } = entry.state;
  if (condition === 'not-running' && !entry.isRunning && entry.state.status !== 'restarting') {
    ready();
    return { exitCode, ...(error === '' ? {} : { error }) };
  }
  const result = entry.waitFor(condition, signal);
  ready();
  return result;
}
