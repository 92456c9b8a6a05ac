/** An image that a build names and the engine lacks. */

import { NaruError } from '../errors.ts';

const ID = /^(?:sha256:[0-9a-f]+|[0-9a-f]{12})$/;

/** To be thrown by a resolver, or told by a preview, which goes on without the image. */
export function absentImage(reference: string): NaruError {
  if (ID.test(reference)) {
    return new NaruError('not-found', 'E_NO_IMAGE', `image ${reference} is not on this engine`, {
      hint: `builds find images by name, not by ID: give it one with naru tag ${reference} NAME`,
    });
  }
  return new NaruError('not-found', 'E_NO_IMAGE', `image ${reference} is not on this engine`, {
    hint: `bring it in with naru load -i FILE (docker save, OCI layout) or naru import FILE ${reference} (a tar of files), or build it: registries are not supported yet`,
  });
}
