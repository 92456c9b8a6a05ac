/** `GET /images/get` and `GET /images/{name}/get`: one archive that docker and OCI tools read. */

import { NaruError } from '../../../core/errors.ts';
import type { ImageStore } from '../../engine/images/image-store.ts';
import type { Answer, Endpoint } from '../endpoint.ts';

export const imageSaveMany: Endpoint = {
  method: 'GET',
  path: '/images/get',
  handle: async ({ query, signal }, { images }) => {
    const names = query.all('names').flatMap((value) => value.split(','));
    if (names.length === 0) throw new NaruError('invalid-argument', 'E_NAMES', 'names is required');
    return saveAnswer(images, names, signal);
  },
};

export const imageSave: Endpoint = {
  method: 'GET',
  path: '/images/{name*}/get',
  handle: async ({ params, signal }, { images }) => saveAnswer(images, [params('name')], signal),
};

/** Names are looked up before the status goes out: not-found is an answer, a torn archive is not. */
async function saveAnswer(
  images: ImageStore,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Answer> {
  for (const name of names) await images.get(name);
  return {
    kind: 'stream',
    contentType: 'application/x-tar',
    write: (out) => images.save(names, out, signal),
  };
}
