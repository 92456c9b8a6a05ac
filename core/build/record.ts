/** Making the record of a vertex that was executed. */

import type { CacheIndex, CacheRecord, VertexLookup } from './cache-record.ts';
import { regeneratedKey, resultKey } from './cache-key.ts';
import type { Digest } from '../oci/digest.ts';
import { keyOf, keysOf, ownKey, recordNames, sourceKeysOf } from './lookup.ts';
import type { VertexId } from './ops.ts';
import type { PreparedVertex } from './requests.ts';

/** What executing a vertex gave. */
export interface Execution {
  /** Name in the store. */
  readonly result: string;
  readonly seconds: number;
  readonly bytes: number;
  readonly createdAt: string;
  /** Of what it changed, times included; only where times are normalised. */
  readonly contentDigest?: Digest;
  /** The name of the only file that was copied did not reach the image. */
  readonly landedExactly?: boolean;
}

/**
 * The record to store, and the one later vertices build on.
 * A step that was forced to run again although a record exists gets a key of its own, so that what was built on the older result is not found above it.
 * Undefined when an input has no key.
 */
export async function recordExecution(
  prepared: PreparedVertex,
  inputs: ReadonlyMap<VertexId, VertexLookup>,
  execution: Execution,
  index: Pick<CacheIndex, 'contentOf' | 'find'>,
): Promise<CacheRecord | undefined> {
  const { request, components } = prepared;
  const keys = await keysOf(request, inputs, index);
  if (keys === undefined) return undefined;
  const own = ownKey(keys);
  const { contentDigest, landedExactly, ...made } = execution;
  const { exact: _, ...named } = keys;
  const names = recordNames(landedExactly === true ? keys : named);
  const existing = request.isForced ? await index.find(names) : undefined;
  const key = existing === undefined ? own : regeneratedKey(own, execution.result);
  const rootKey = request.root === undefined ? undefined : keyOf(inputs.get(request.root));
  const aliases = contentDigest === undefined ? names : [...names, resultKey(rootKey, contentDigest)];
  const sourceKeys = sourceKeysOf(request, inputs);
  return {
    key,
    aliases,
    partial: keys.partial,
    ...(rootKey === undefined ? {} : { rootKey }),
    ...(sourceKeys.length === 0 ? {} : { sourceKeys }),
    origin: request.origin,
    components,
    ...made,
    ...(contentDigest === undefined ? {} : { contentDigest }),
  };
}
