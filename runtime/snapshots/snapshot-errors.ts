/** What a snapshotter answers to a wrong request. */

import { Readable } from 'node:stream';

import { NaruError } from '../../core/errors.ts';

/** "not-found" E_SNAPSHOT_ABSENT. */
export function notFound(name: string): NaruError {
  return new NaruError('not-found', 'E_SNAPSHOT_ABSENT', `no such snapshot: ${name}`);
}

/** "conflict" E_SNAPSHOT_STATE; `what` goes on from the snapshot's name. */
export function stateConflict(name: string, what: string): NaruError {
  return new NaruError('conflict', 'E_SNAPSHOT_STATE', `snapshot ${JSON.stringify(name)} ${what}`);
}

/** Of a snapshot's tar, when there is none: fails when it is read. */
export function failedStream(error: NaruError): Readable {
  return Readable.from(failing(error));
}

// oxlint-disable-next-line require-yield -- a stream that only fails
async function* failing(error: Error): AsyncGenerator<Uint8Array> {
  throw error;
}
