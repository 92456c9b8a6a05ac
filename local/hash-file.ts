/** Reads and hashes one file, and says of which state of the file the digest is. Runs in the caller's thread and in hash-worker.ts. */

import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

import { type Digest, digestOfHash } from '../core/oci/digest.ts';
import { errorCode, isGone } from './error-code.ts';
import { type FileStamp, isSameStamp, stampOf } from './file-stamp.ts';
import type { HashWatch } from './hash-watch.ts';

export type HashOutcome =
  | {
      readonly kind: 'hashed';
      readonly digest: Digest;
      readonly stamp: FileStamp;
      /** False when the file kept changing while it was read: the digest is of no certain state. */
      readonly isStable: boolean;
    }
  /** Gone, or no regular file any more; also where the watch was cancelled, and nobody reads this. */
  | { readonly kind: 'vanished' }
  /** `code` as Node gives it: EACCES, EIO … */
  | { readonly kind: 'unreadable'; readonly code: string };

const MAX_ATTEMPTS = 3;
const BUFFER_BYTES = 1024 * 1024;

/** A symlink is not followed; a fifo does not block. */
export function hashFile(path: string, watch?: HashWatch): HashOutcome {
  try {
    return hashOpened(openSync(path, constants.O_RDONLY | NO_FOLLOW), watch);
  } catch (error) {
    return isGone(error) ? { kind: 'vanished' } : { kind: 'unreadable', code: errorCode(error) };
  }
}

/** Neither flag exists on Windows. */
const NO_FOLLOW = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Closes the descriptor. */
function hashOpened(fd: number, watch: HashWatch | undefined): HashOutcome {
  try {
    let before = fstatSync(fd, { bigint: true });
    if (!before.isFile()) return { kind: 'vanished' };
    const buffer = Buffer.allocUnsafe(Math.min(BUFFER_BYTES, Number(before.size) + 1));
    for (let attempt = 1; ; attempt += 1) {
      const read = hashDescriptor(fd, buffer, watch);
      if (read === undefined) return { kind: 'vanished' };
      const after = fstatSync(fd, { bigint: true });
      const isStable = isSameStamp(stampOf(before), stampOf(after));
      if (isStable || attempt === MAX_ATTEMPTS) {
        watch?.addFile();
        return { kind: 'hashed', digest: read.digest, stamp: stampOf(after), isStable };
      }
      watch?.addBytes(-read.nBytes); // they are read again
      before = after;
    }
  } finally {
    closeSync(fd);
  }
}

/** Undefined when the watch was cancelled. */
function hashDescriptor(
  fd: number,
  buffer: Buffer,
  watch: HashWatch | undefined,
): { readonly digest: Digest; readonly nBytes: number } | undefined {
  const hash = createHash('sha256');
  let position = 0;
  for (;;) {
    const nRead = readSync(fd, buffer, 0, buffer.length, position);
    if (nRead === 0) break;
    hash.update(nRead === buffer.length ? buffer : buffer.subarray(0, nRead));
    position += nRead;
    watch?.addBytes(nRead);
    if (watch?.isCancelled) return undefined;
  }
  return { digest: digestOfHash(hash), nBytes: position };
}
