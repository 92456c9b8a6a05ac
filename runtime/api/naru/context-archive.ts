/** `POST /naru/v1/context/archive`: a build context as one tar archive, compressed or not. */

import { CONTEXT_ARCHIVE_PATH } from '../../../core/protocol/remote-context.ts';
import { receiveArchive } from '../../build/received-archive.ts';
import { json, type Endpoint } from '../endpoint.ts';

export const contextArchive: Endpoint = {
  method: 'POST',
  path: CONTEXT_ARCHIVE_PATH,
  handle: async ({ body, signal }, { builds }) => {
    const checksum = await builds.attended(signal, (left) => receiveArchive(builds.parts, body, left));
    return json({ checksum });
  },
};
