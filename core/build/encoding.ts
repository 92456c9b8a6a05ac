/**
 * Canonical bytes of a list of texts: every text is preceded by its length, so that no two lists encode alike.
 * All digests of cache keys go through here.
 */

import { createHash } from 'node:crypto';

import { type Digest, digestOfHash } from '../oci/digest.ts';

/** Raised when keys change meaning: records of other versions are then never found. */
export const KEY_VERSION = 'naru.cache.v2';

/** Digest of `[KEY_VERSION, domain, ...parts]`; `undefined` and '' differ. */
export function digestOfParts(domain: string, parts: Iterable<string | undefined>): Digest {
  const hash = createHash('sha256');
  let pending = framed(KEY_VERSION) + framed(domain);
  for (const part of parts) {
    pending += framed(part);
    // A call for each of many small parts would cost more than hashing them.
    if (pending.length < MAX_PENDING) continue;
    hash.update(pending);
    pending = '';
  }
  hash.update(pending);
  return digestOfHash(hash);
}

const MAX_PENDING = 65_536;

function framed(part: string | undefined): string {
  return part === undefined ? '-;' : `${Buffer.byteLength(part)}:${part};`;
}
