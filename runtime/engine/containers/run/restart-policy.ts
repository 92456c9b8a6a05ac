/** When a container that ended is started again. Pure; figures are Docker's. */

import type { RestartPolicy } from '../container.ts';

/** A run this long makes the pause before the next restart short again. */
export const LONG_RUN_MS = 10_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 60_000;

/** `wasAsked`: a user ended it (stop, kill, removal). */
export function shouldRestart(
  policy: RestartPolicy | undefined,
  ended: { readonly exitCode: number; readonly restartCount: number; readonly wasAsked: boolean },
): boolean {
  if (ended.wasAsked) return false;
  switch (policy?.name) {
    case 'always':
    case 'unless-stopped':
      return true;
    case 'on-failure': {
      const limit = policy.maximumRetryCount;
      return ended.exitCode !== 0 && (limit === 0 || ended.restartCount < limit);
    }
    case 'no':
    case undefined:
      return false;
  }
}

/** Doubles with each run in a row that ended early. */
export function restartPauseMs(nQuickExits: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.max(nQuickExits - 1, 0), LONGEST_PAUSE_MS);
}

/** After a start of the engine: Docker starts `always` even when it was stopped by hand, `unless-stopped` only when not. */
export function shouldStartWithEngine(policy: RestartPolicy | undefined, isStoppedByUser: boolean): boolean {
  return policy?.name === 'always' || (policy?.name === 'unless-stopped' && !isStoppedByUser);
}
