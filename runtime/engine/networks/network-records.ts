/** Network definitions in the metadata store: JSON documents, with dates brought back. */

import { NaruError } from '../../../core/errors.ts';
import type { Network, NetworkRecords } from '../../net/network.ts';
import type { MetadataStore } from '../../store/metadata.ts';

/** Documents of kind `network`, by id. */
export function networkRecords(store: MetadataStore): NetworkRecords {
  const rows = store.collection('network', decodeNetwork);
  return {
    // In the order they were made, which the ids do not keep.
    all: () => rows.all().toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime()),
    put: (network) => rows.put(network.id, network),
    delete: (id) => void rows.delete(id),
  };
}

function decodeNetwork(value: unknown): Network {
  if (typeof value !== 'object' || value === null) {
    throw new NaruError('internal', 'E_METADATA', 'a network row of the metadata store is not an object');
  }
  const raw = value as Network; // only `networkRecords` writes these rows; what JSON loses are the dates
  return { ...raw, createdAt: new Date(raw.createdAt) };
}
