/** `POST /naru/v1/images/resolve`: config and layers of base images; nothing is pulled. */

import {
  decodeImageResolveRequest,
  encodeImageResolveAnswer,
  IMAGE_RESOLVE_PATH,
} from '../../../core/protocol/image-resolve.ts';
import { json as jsonAnswer, type Endpoint } from '../endpoint.ts';

export const imageResolve: Endpoint = {
  method: 'POST',
  path: IMAGE_RESOLVE_PATH,
  handle: async ({ json, signal }, { builds }) => {
    const { images, isLocalOnly } = await json(decodeImageResolveRequest);
    const answers = await Promise.all(images.map((image) => builds.resolveImage(image, isLocalOnly, signal)));
    return jsonAnswer(encodeImageResolveAnswer({ images: answers }));
  },
};
