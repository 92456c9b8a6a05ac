/** Container and volume records in the metadata store: JSON documents, with dates brought back. */

import { NaruError } from '../../../core/errors.ts';
import type { MetadataStore } from '../../store/metadata.ts';
import type { Volume, VolumeRecords } from '../volumes/volumes.ts';
import type { ContainerRecord, HealthResult } from './container.ts';
import type { ContainerRecords } from './container-table.ts';

/** Documents of kind `container`, by id. */
export function containerRecords(store: MetadataStore): ContainerRecords {
  const rows = store.collection('container', decodeContainer);
  return {
    all: () => rows.all(),
    put: (record) => rows.put(record.id, record),
    delete: (id) => void rows.delete(id),
  };
}

/** Documents of kind `volume`, by name. */
export function volumeRecords(store: MetadataStore): VolumeRecords {
  const rows = store.collection('volume', decodeVolume);
  return {
    all: () => rows.all(),
    put: (volume) => rows.put(volume.name, volume),
    delete: (name) => void rows.delete(name),
  };
}

function decodeContainer(value: unknown): ContainerRecord {
  // Only `containerRecords` writes these rows; what JSON loses are the dates.
  const raw = object(value, 'container') as unknown as ContainerRecord;
  const { startedAt, finishedAt, health, ...state } = raw.state;
  return {
    ...raw,
    createdAt: new Date(raw.createdAt),
    state: {
      ...state,
      ...(startedAt === undefined ? {} : { startedAt: new Date(startedAt) }),
      ...(finishedAt === undefined ? {} : { finishedAt: new Date(finishedAt) }),
      ...(health === undefined ? {} : { health: { ...health, log: health.log.map(decodeResult) } }),
    },
  };
}

function decodeResult(result: HealthResult): HealthResult {
  return { ...result, startedAt: new Date(result.startedAt), endedAt: new Date(result.endedAt) };
}

function decodeVolume(value: unknown): Volume {
  const raw = object(value, 'volume') as unknown as Volume; // as above
  return { ...raw, createdAt: new Date(raw.createdAt) };
}

function object(value: unknown, what: string): object {
  if (typeof value === 'object' && value !== null) return value;
  throw new NaruError('internal', 'E_METADATA', `a ${what} row of the metadata store is not an object`);
}
