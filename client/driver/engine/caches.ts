/** Build caches on their way to and from Naru's engine; the messages are core/protocol/cache-carry.ts. */

import { createReadStream } from 'node:fs';

import { type Decoder, object, string } from '../../../core/engine-api/decode.ts';
import type { Digest } from '../../../core/oci/digest.ts';
import {
  buildCachePath,
  buildLayerPath,
  type CacheExportRequest,
  CACHES_PATH,
} from '../../../core/protocol/cache-carry.ts';
import type { EngineConnection } from './connection.ts';

const decodeId: Decoder<{ readonly id: string }> = object({ id: string });

/** Tells an engine of a cache; a build names it by the id. */
export async function postCache(
  engine: EngineConnection,
  cache: Uint8Array,
  signal?: AbortSignal,
): Promise<string> {
  const call = { method: 'POST', path: CACHES_PATH, stream: cache } as const;
  return (await engine.json({ ...call, ...(signal === undefined ? {} : { signal }) }, decodeId)).id;
}

/** Sends a layer that a build asked for; without a file it is told that there is none. */
export async function sendLayer(
  engine: EngineConnection,
  build: string,
  diffId: Digest,
  file: string | undefined,
): Promise<void> {
  const stream =
    file === undefined ? new Uint8Array() : createReadStream(file, { highWaterMark: 256 * 1024 });
  await engine.done({ method: 'PUT', path: buildLayerPath(build, diffId), stream });
}

/** The tar of what a build made; read to its end. */
export async function carryBuild(
  engine: EngineConnection,
  build: string,
  request: CacheExportRequest,
  signal?: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const call = { method: 'POST', path: buildCachePath(build), body: request } as const;
  return (await engine.stream({ ...call, ...(signal === undefined ? {} : { signal }) })).body;
}
