/** `--cache-from` as a build and a preview are told it. */

import type { Digest } from '../oci/digest.ts';
import { type Decoder, digest, list, oneOf, shape, tagged, text } from './decode.ts';

/** Where a build or a preview may find steps besides the engine's own cache. */
export type CacheSource =
  /** One that was posted to `CACHES_PATH` (cache-carry.ts); `layers` are those the client can send. */
  | {
      readonly kind: 'carried';
      readonly id: string;
      readonly name: string;
      readonly layers: readonly Digest[];
    }
  /** An image of the engine that holds records of its own layers. */
  | { readonly kind: 'image'; readonly reference: string };

export const decodeCacheSources: Decoder<readonly CacheSource[]> = list(
  tagged<CacheSource>('kind', {
    carried: shape<Extract<CacheSource, { kind: 'carried' }>>(
      { kind: oneOf('carried'), id: text, name: text, layers: list(digest) },
      {},
    ),
    image: shape<Extract<CacheSource, { kind: 'image' }>>({ kind: oneOf('image'), reference: text }, {}),
  }),
);
