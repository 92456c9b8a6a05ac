/** The STATUS column of `docker ps`, in Docker's words (moby container/state.go, docker/go-units duration.go). */

import type { ContainerState } from '../../../engine/containers/container.ts';

/** `Up 5 minutes (healthy)`, `Exited (0) 2 hours ago`, `Created` … `now` is the time to count from. */
export function statusText(state: ContainerState, now: Date): string {
  const ran = state.startedAt === undefined ? '' : humanDuration(now.getTime() - state.startedAt.getTime());
  const ended =
    state.finishedAt === undefined ? '' : humanDuration(now.getTime() - state.finishedAt.getTime());
  switch (state.status) {
    case 'running':
      return `Up ${ran}${healthText(state)}`;
    case 'paused':
      return `Up ${ran} (Paused)`;
    case 'restarting':
      return `Restarting (${state.exitCode}) ${ended} ago`;
    case 'removing':
      return 'Removal In Progress';
    case 'dead':
      return 'Dead';
    case 'created':
      return 'Created';
    case 'exited':
      return `Exited (${state.exitCode}) ${ended} ago`;
  }
}

function healthText(state: ContainerState): string {
  if (state.health === undefined) return '';
  return state.health.status === 'starting' ? ' (health: starting)' : ` (${state.health.status})`;
}

/** Docker's rounding: `Less than a second`, `5 seconds`, `About a minute`, `3 hours`, `2 days`, `4 weeks` … */
export function humanDuration(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.round(durationMs / 3_600_000);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`;
  return `${Math.floor(hours / 24 / 365)} years`;
}
