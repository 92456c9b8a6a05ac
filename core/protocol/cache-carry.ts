/**
 * Carrying a build cache between engines, by way of a client that keeps it in a directory.
 *
 * In: `POST /naru/v1/caches` takes the JSON of a CarriedCache and answers its id, the digest of its bytes; a build or a preview names it in `cacheFrom`
 * together with the layers that the client has. When a build needs a layer, its events say so (`fetch`), and the client sends it to
 * `PUT /naru/v1/builds/{id}/layers/{diffId}`; an empty body says that it cannot.
 * Out: `POST /naru/v1/builds/{id}/cache` answers a tar: the layers the client lacks, named by diffID, then `cache.json`, a CarriedCache.
 *
 * Invariant: layers are uncompressed tars and checked against their diffID by whoever receives them.
 */

import type { CarriedCache, CarriedRecord, InlineCache, InlineRecord } from '../build/carried-cache.ts';
import type { Digest } from '../oci/digest.ts';
import { decodeComponent, decodeOrigin } from './cache-resolve.ts';
import { type Decoder, digest, finite, list, oneOf, shape, text, whole } from './decode.ts';

export const CACHES_PATH = '/naru/v1/caches';
export const CACHE_FILE = 'cache.json';

export function buildLayerPath(build: string, diffId: Digest): string {
  return `/naru/v1/builds/${encodeURIComponent(build)}/layers/${encodeURIComponent(diffId)}`;
}

export function buildCachePath(build: string): string {
  return `/naru/v1/builds/${encodeURIComponent(build)}/cache`;
}

/** How much of a build is carried: what the image is made of, or every step. */
export type CacheMode = 'min' | 'max';

export interface CacheExportRequest {
  readonly mode: CacheMode;
  /** Layers the client has. */
  readonly have: readonly Digest[];
}

export const decodeCacheExportRequest: Decoder<CacheExportRequest> = shape<CacheExportRequest>(
  { mode: oneOf('min', 'max'), have: list(digest) },
  {},
);

const decodeRecord: Decoder<CarriedRecord> = shape<CarriedRecord>(
  {
    key: digest,
    aliases: list(digest),
    partial: digest,
    origin: decodeOrigin,
    components: list(decodeComponent),
    layers: list(digest),
    seconds: finite,
    bytes: finite,
    createdAt: text,
  },
  { rootKey: digest, sourceKeys: list(digest), contentDigest: digest },
);

export const decodeCarriedCache: Decoder<CarriedCache> = shape<CarriedCache>(
  { keyVersion: text, records: list(decodeRecord) },
  {},
);

export const decodeInlineCache: Decoder<InlineCache> = shape<InlineCache>(
  {
    keyVersion: text,
    records: list(
      shape<InlineRecord>(
        { key: digest, aliases: list(digest), partial: digest, nLayers: whole, createdAt: text },
        { rootKey: digest, sourceKeys: list(digest) },
      ),
    ),
  },
  {},
);
