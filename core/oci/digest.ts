/** Digests as the OCI image spec writes them (image-spec descriptor.md §Digests); sha256 only is accepted. */

import { createHash, type Hash } from 'node:crypto';

import { NaruError } from '../errors.ts';

/** `sha256:` and 64 lower-case hex characters. Made only here. */
export type Digest = string & { readonly __brand: 'Digest' };

/** @throws NaruError "invalid-argument" when the text is not a sha256 digest */
export function parseDigest(text: string): Digest {
  if (!/^sha256:[0-9a-f]{64}$/.test(text)) {
    throw new NaruError('invalid-argument', 'E_DIGEST', `invalid digest ${JSON.stringify(text)}`, {
      hint: 'only sha256 digests are supported',
    });
  }
  return text as Digest; // checked by the line above
}

/** Digest of the exact bytes (strings as UTF-8). */
export function digestOf(bytes: string | Uint8Array): Digest {
  return digestOfHash(createHash('sha256').update(bytes));
}

/** Digest of what went into a SHA-256 hash, which takes nothing more then. */
export function digestOfHash(hash: Hash): Digest {
  return `sha256:${hash.digest('hex')}` as Digest; // made to the type's shape
}

/** The 64 hex characters, for file names. */
export function digestHex(digest: Digest): string {
  return digest.slice(7);
}
