/**
 * Canonical bytes of a list of texts: every text is preceded by its length, so that no two lists encode alike.
 * All digests of cache keys go through here.
 */

import { createHash } from 'node:crypto';

import { type Digest, parseDigest } from '../oci/digest.ts';

/** Raised when keys change meaning: records of other versions are then never found. */
export const KEY_VERSION = 'naru.cache.v1';

/** Digest of `[KEY_VERSION, domain, ...parts]`; `undefined` and '' differ. */
export function digestOfParts(domain: string, parts: Iterable<string | undefined>): Digest {
  const hash = createHash('sha256');
  hash.update(framed(KEY_VERSION));
  hash.update(framed(domain));
  for (const part of parts) hash.update(framed(part));
  return parseDigest(`sha256:${hash.digest('hex')}`);
}

function framed(part: string | undefined): string {
  return part === undefined ? '-;' : `${Buffer.byteLength(part)}:${part};`;
}
