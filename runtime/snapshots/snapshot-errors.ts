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

/** "unavailable" E_DISK_SYNC: what was written may not be on disk, nor be what a later read finds. `cause` is what a sync threw. */
export function diskNotTaking(cause?: unknown): NaruError {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new NaruError('unavailable', 'E_DISK_SYNC', `the disk did not take what was written${why}`, {
    hint: "the kernel's log (dmesg) says what is wrong with it; build again when it is mended",
    cause,
  });
}

/** Of a snapshot's tar, when there is none: fails when it is read. */
export function failedStream(error: NaruError): Readable {
  return Readable.from(failing(error));
}

// oxlint-disable-next-line require-yield -- a stream that only fails
async function* failing(error: Error): AsyncGenerator<Uint8Array> {
  throw error;
}
