/** An image that a build names and the engine lacks. */

import { NaruError } from '../errors.ts';

/** To be thrown by a resolver, or told by a preview, which goes on without the image. */
export function absentImage(reference: string): NaruError {
  return new NaruError('not-found', 'E_NO_IMAGE', `image ${reference} is not on this engine`, {
    hint: `bring it in with naru load -i FILE (docker save, OCI layout) or naru import FILE ${reference} (a tar of files), or build it: registries are not supported yet`,
  });
}
