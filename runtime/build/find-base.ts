/** The image that a build names, in the store: by name, as BuildKit looks for it, where other requests also take IDs and what IDs begin with. */

import { canonicalReference, parseReference, withDefaultTag } from '../../core/oci/reference.ts';
import type { Image, ImageStore } from '../engine/images/image-store.ts';

/** A whole `sha256:…` is the image of a layout, which its client loaded. @throws NaruError "invalid-argument" for what is no name */
export async function findBase(
  images: Pick<ImageStore, 'find'>,
  reference: string,
): Promise<Image | undefined> {
  if (/^sha256:[0-9a-f]{64}$/.test(reference)) return images.find(reference);
  // A name with its registry and tag is never read as the beginning of an ID.
  return images.find(canonicalReference(withDefaultTag(parseReference(reference))));
}
