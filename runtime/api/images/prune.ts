/** `POST /images/prune`. */

import { booleanFilter } from '../../engine/filters/boolean-filter.ts';
import { pruneImages } from '../../engine/images/removal.ts';
import { json, type Endpoint } from '../endpoint.ts';
import { requireKnownFilters } from '../query.ts';
import { deleteRows } from './delete.ts';
import { listImages } from './filtering.ts';

export const imagePrune: Endpoint = {
  method: 'POST',
  path: '/images/prune',
  since: 25,
  handle: async ({ query }, { images, containers, snapshots }) => {
    const filters = query.filters();
    requireKnownFilters(filters, ['dangling', 'label', 'label!', 'until']);
    const isDanglingOnly = booleanFilter(filters, 'dangling') ?? true;
    const others = new Map([...filters].filter(([name]) => name !== 'dangling'));
    const found = await listImages(images, others, new Date());
    const candidates = found.filter(({ tags }) => !isDanglingOnly || tags.length === 0);
    const { removed, reclaimedBytes } = await pruneImages({ images, containers, snapshots }, candidates);
    const rows = deleteRows(removed);
    return json({ ImagesDeleted: rows.length === 0 ? null : rows, SpaceReclaimed: reclaimedBytes });
  },
};
