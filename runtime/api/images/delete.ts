/** `DELETE /images/{name}`. */

import type { ImageDeleteRow } from '../../../core/engine-api/images.ts';
import { removeImage, type RemovedImage } from '../../engine/images/removal.ts';
import { json, type Endpoint } from '../endpoint.ts';

export const imageDelete: Endpoint = {
  method: 'DELETE',
  path: '/images/{name*}',
  handle: async ({ params, query }, { images, containers }) => {
    const options = { force: query.flag('force'), prune: !query.flag('noprune') };
    return json(deleteRows(await removeImage(images, containers, params('name'), options)));
  },
};

/** Also for prune. */
export function deleteRows(removed: readonly RemovedImage[]): readonly ImageDeleteRow[] {
  return removed.map((row) => ('untagged' in row ? { Untagged: row.untagged } : { Deleted: row.deleted }));
}
