/** `POST /volumes/prune`: unused anonymous volumes, or all unused ones with the filter `all`. */

import { booleanFilter } from '../../engine/filters/boolean-filter.ts';
import { diskUsageBytes } from '../../engine/system/disk-usage.ts';
import { json, type Endpoint } from '../endpoint.ts';
import { matchesLabels } from '../labels.ts';
import { requireKnownFilters } from '../query.ts';

export const volumePrune: Endpoint = {
  method: 'POST',
  path: '/volumes/prune',
  since: 25,
  handle: async ({ query, apiMinor }, { volumes }) => {
    const filters = query.filters();
    requireKnownFilters(filters, ['all', 'label', 'label!']);
    // Docker: before API 1.42 named volumes were pruned as well.
    const takesNamed = apiMinor < 42 || (booleanFilter(filters, 'all') ?? false);
    const deleted: string[] = [];
    let reclaimedBytes = 0;
    for (const volume of volumes.list(new Map([['dangling', ['true']]]))) {
      if (!(takesNamed || volume.isAnonymous) || !matchesLabels(volume.labels, filters)) continue;
      reclaimedBytes += await diskUsageBytes(volume.mountpoint);
      volumes.remove(volume.name, false);
      deleted.push(volume.name);
    }
    return json({ VolumesDeleted: deleted, SpaceReclaimed: reclaimedBytes });
  },
};
