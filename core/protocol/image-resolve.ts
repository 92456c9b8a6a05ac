/**
 * "What is behind these base images?": the engine looks in its store, then asks the registry for manifest and config; nothing is pulled.
 * HTTP: `POST /naru/v1/images/resolve`. The server asks its editor the same (preview.ts), which asks here.
 */

import type { ResolvedImage } from '../build/ops.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import type { Platform } from '../oci/platform.ts';
import { type Decoder, digest, flag, list, oneOf, orNull, shape, text, whole } from './decode.ts';

export const IMAGE_RESOLVE_PATH = '/naru/v1/images/resolve';

export interface ImageQuestion {
  /** As in the Dockerfile, variables expanded. */
  readonly reference: string;
  readonly platform: Platform;
}

export interface ImageResolveRequest {
  readonly images: readonly ImageQuestion[];
  /** True: the store's answer is enough, registries are not asked. */
  readonly isLocalOnly: boolean;
}

export interface ImageResolveAnswer {
  /** In the order asked; undefined (null on the wire) for an image that could not be found or read now. */
  readonly images: readonly (ResolvedImage | undefined)[];
}

export const decodePlatform: Decoder<Platform> = shape<Platform>(
  { os: text, architecture: text },
  { variant: text },
);

export const decodeImageResolveRequest: Decoder<ImageResolveRequest> = shape<ImageResolveRequest>(
  {
    images: list(shape<ImageQuestion>({ reference: text, platform: decodePlatform }, {})),
    isLocalOnly: flag,
  },
  {},
);

/** What a plan cannot do without; the other fields are taken as they come. */
const decodeConfigCore = shape<Pick<ImageConfig, 'architecture' | 'os' | 'rootfs'>>(
  {
    architecture: text,
    os: text,
    rootfs: shape<ImageConfig['rootfs']>({ type: oneOf('layers'), diff_ids: list(digest) }, {}),
  },
  {},
);

function decodeConfig(value: unknown, at: string): ImageConfig {
  const core = decodeConfigCore(value, at);
  return { ...(value as object), ...core }; // an object, or the line above would have thrown
}

const decodeImage: Decoder<ResolvedImage> = shape<ResolvedImage>(
  { reference: text, digest, config: decodeConfig, isLocal: flag, pullBytes: whole },
  {},
);

export const decodeImageResolveAnswer: Decoder<ImageResolveAnswer> = shape<ImageResolveAnswer>(
  { images: list(orNull(decodeImage)) },
  {},
);

/** For the wire: absence is null. */
export function encodeImageResolveAnswer(answer: ImageResolveAnswer): unknown {
  return { images: answer.images.map((image) => image ?? null) };
}
