/** What a plan is told of a base image, by where it was found. */

import type { ResolvedImage } from '../../core/build/ops.ts';
import { parseDigest } from '../../core/oci/digest.ts';
import type { Image } from '../engine/images/image-store.ts';
import type { BuildParts } from './build-parts.ts';

type RemoteImage = Awaited<ReturnType<NonNullable<BuildParts['registries']>['inspect']>>;

export function storedImage(reference: string, { id, config }: Image): ResolvedImage {
  return { reference, digest: id, config, isLocal: true, pullBytes: 0 };
}

export function remoteImage(
  reference: string,
  { digest, config, bytes }: NonNullable<RemoteImage>,
): ResolvedImage {
  return { reference, digest: parseDigest(digest), config, isLocal: false, pullBytes: bytes };
}
