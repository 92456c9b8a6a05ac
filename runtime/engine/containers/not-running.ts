/** Why a container that does not run takes no exec, pause or top. */

import { NaruError } from '../../../core/errors.ts';
import type { ContainerEntry } from './container-entry.ts';

/** Conflict, in the words of dockerd 28.5.2, which asks for patience between two runs. */
export function notRunning({ id, state }: Pick<ContainerEntry, 'id' | 'state'>): NaruError {
  const message =
    state.status === 'restarting'
      ? `Container ${id} is restarting, wait until the container is running`
      : `container ${id} is not running`;
  return new NaruError('conflict', 'E_NOT_RUNNING', message);
}
