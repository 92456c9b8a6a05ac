/** What a snapshotter answers to a wrong request. */

import { NaruError } from '../../core/errors.ts';

export function notFound(name: string): NaruError {
  return new NaruError('not-found', 'E_SNAPSHOT_ABSENT', `no such snapshot: ${name}`);
}

/** `what` goes on from the snapshot's name. */
export function stateConflict(name: string, what: string): NaruError {
  return new NaruError('conflict', 'E_SNAPSHOT_STATE', `snapshot ${JSON.stringify(name)} ${what}`);
}
