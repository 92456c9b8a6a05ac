/**
 * A build cache on its way from one engine to another: records without their results, and the layers that make these up.
 * A result is the stack of its layers, lowest first, named by diffID: whoever has the stack, or can get what is above the part it has, can use the record.
 * A record without layers carries its keys alone (`CacheRecord.isKeyOnly`).
 */

import type { Digest } from '../oci/digest.ts';

import type { CacheRecord } from './cache-record.ts';

/** Field of an image config that holds the records of its own layers (`--cache-to type=inline`). */
export const INLINE_CACHE_FIELD = 'naru.cache.v1';

export interface CarriedRecord extends Omit<CacheRecord, 'result' | 'isKeyOnly'> {
  /** DiffIDs of the whole stack, those of the base image included; lowest first. Empty: its keys are known, its files are not carried. */
  readonly layers: readonly Digest[];
}

/** What of a record means something elsewhere, without what an engine keeps beside it. */
export function carriedFields(record: Omit<CacheRecord, 'result'>): Omit<CacheRecord, 'result'> {
  const { key, aliases, partial, rootKey, sourceKeys, origin, components, contentDigest } = record;
  const { seconds, bytes, createdAt } = record;
  return {
    key,
    aliases,
    partial,
    ...(rootKey === undefined ? {} : { rootKey }),
    ...(sourceKeys === undefined ? {} : { sourceKeys }),
    origin,
    components,
    ...(contentDigest === undefined ? {} : { contentDigest }),
    seconds,
    bytes,
    createdAt,
  };
}

export interface CarriedCache {
  /** Keys of another version mean something else. */
  readonly keyVersion: string;
  readonly records: readonly CarriedRecord[];
}

/** What an image holds of the steps that made its layers; the rest is read from the config itself. */
export interface InlineRecord {
  readonly key: Digest;
  readonly aliases: readonly Digest[];
  readonly partial: Digest;
  readonly rootKey?: Digest;
  readonly sourceKeys?: readonly Digest[];
  /** How many of the image's layers are its result; 0 for a step of which only the keys are carried. */
  readonly nLayers: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface InlineCache {
  readonly keyVersion: string;
  readonly records: readonly InlineRecord[];
}

/** The records an image holds, over its own layers. Those that count more layers than it has are left out. */
export function inlineRecords(
  { records }: InlineCache,
  diffIds: readonly Digest[],
): readonly CarriedRecord[] {
  return records
    .filter(({ nLayers }) => nLayers <= diffIds.length)
    .map(({ nLayers, ...record }) => ({
      ...record,
      layers: diffIds.slice(0, nLayers),
      origin: { project: 'image', stage: '', line: 0, instruction: '' },
      components: [],
      seconds: 0,
      bytes: 0,
    }));
}
