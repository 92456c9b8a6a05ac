/** One member of a tar archive as we use it, whatever header format it came in. */

import { NaruError } from '../errors.ts';

export type TarEntryKind = 'file' | 'hardlink' | 'symlink' | 'char-device' | 'block-device' | 'dir' | 'fifo';

export interface TarEntry {
  /** As written in the archive, decoded by `decodePath`, but without trailing slashes; may be './a', '/a', '../a' or '.'. */
  readonly path: string;
  readonly kind: TarEntryKind;
  /** `mode & 0o7777`. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content that follow; 0 for anything but files. */
  readonly sizeBytes: number;
  /** Nanoseconds since the epoch; may be negative. */
  readonly mtimeNs: bigint;
  /** Symbolic links: the target as stored. Hard links: path of the other member. */
  readonly linkTarget?: string;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
}

export const BLOCK_BYTES = 512;

/** Bytes that fill the last block of a content. */
export function paddingBytes(sizeBytes: number): number {
  return (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** Every malformed archive fails with kind "invalid-argument" and one of these codes. */
export type TarErrorCode =
  | 'E_TAR_CHECKSUM'
  | 'E_TAR_HEADER'
  | 'E_TAR_NUMBER'
  | 'E_TAR_PAX'
  | 'E_TAR_SPARSE'
  | 'E_TAR_TRUNCATED'
  | 'E_TAR_TYPE';

/** `what` completes "invalid tar archive: …". */
export function tarError(code: TarErrorCode, what: string): NaruError {
  return new NaruError('invalid-argument', code, `invalid tar archive: ${what}`);
}
