/** What only Naru's own engine answers: cache and image resolution, context sync, builds. Declared in core/protocol. */

import { setTimeout as delay } from 'node:timers/promises';

import type { VertexLookup } from '../../../core/build/cache-record.ts';
import type { ResolvedImage } from '../../../core/build/ops.ts';
import { NaruError } from '../../../core/errors.ts';
import {
  buildEventsPath,
  type BuildEvent,
  type BuildRequest,
  BUILDS_PATH,
  decodeBuildEvent,
} from '../../../core/protocol/build.ts';
import {
  CACHE_RESOLVE_PATH,
  type CacheResolveRequest,
  decodeCacheResolveAnswer,
} from '../../../core/protocol/cache-resolve.ts';
import {
  decodeImageResolveAnswer,
  IMAGE_RESOLVE_PATH,
  type ImageResolveRequest,
} from '../../../core/protocol/image-resolve.ts';
import type { Digest } from '../../../core/oci/digest.ts';
import { FILES_TYPE } from '../../../core/protocol/context-sync.ts';
import {
  CONTEXT_ARCHIVE_PATH,
  CONTEXT_OPEN_PATH,
  type ContextOpenAnswer,
  type ContextOpenRequest,
  decodeArchiveAnswer,
  decodeContextOpenAnswer,
} from '../../../core/protocol/remote-context.ts';
import { readJsonLines } from '../../../local/http/body.ts';
import type { EngineConnection } from './connection.ts';

/** One answer per vertex, in the order asked. */
export async function resolveCache(
  engine: EngineConnection,
  request: CacheResolveRequest,
  signal?: AbortSignal,
): Promise<readonly VertexLookup[]> {
  demandNaru(engine, 'the cache preview');
  const { vertices } = request;
  const call = { method: 'POST', path: CACHE_RESOLVE_PATH, body: request } as const;
  const answer = await engine.json(
    { ...call, ...(signal === undefined ? {} : { signal }) },
    decodeCacheResolveAnswer,
  );
  if (answer.lookups.length === vertices.length) return answer.lookups;
  throw new NaruError('unavailable', 'E_PROTOCOL', 'the engine answered for another number of vertices');
}

/** One answer per image, in the order asked. */
export async function resolveImages(
  engine: EngineConnection,
  request: ImageResolveRequest,
  signal?: AbortSignal,
): Promise<readonly (ResolvedImage | undefined)[]> {
  demandNaru(engine, 'the cache preview');
  const call = { method: 'POST', path: IMAGE_RESOLVE_PATH, body: request } as const;
  return (
    await engine.json({ ...call, ...(signal === undefined ? {} : { signal }) }, decodeImageResolveAnswer)
  ).images;
}

/** What a context at an address is now. */
export async function openContext(
  engine: EngineConnection,
  request: ContextOpenRequest,
  signal?: AbortSignal,
): Promise<ContextOpenAnswer> {
  demandNaru(engine, 'a context at an address');
  const call = { method: 'POST', path: CONTEXT_OPEN_PATH, body: request } as const;
  return engine.json({ ...call, ...(signal === undefined ? {} : { signal }) }, decodeContextOpenAnswer);
}

/** Hands a context over as one tar archive, compressed or not; answers the digest it is known by. */
export async function sendArchive(
  engine: EngineConnection,
  archive: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<Digest> {
  demandNaru(engine, 'a context from an archive');
  const headers = { 'content-type': FILES_TYPE };
  const call = { method: 'POST', path: CONTEXT_ARCHIVE_PATH, stream: archive, headers } as const;
  const answer = await engine.json(
    { ...call, ...(signal === undefined ? {} : { signal }) },
    decodeArchiveAnswer,
  );
  return answer.checksum;
}

/**
 * Starts a build and follows it to its last event, through breaks of a distant connection: the engine goes on meanwhile.
 * Leaving the iteration cancels the build, over a distant connection some seconds later; `cancelBuild` does so at once.
 *
 * @throws NaruError "unavailable" E_BUILD_LOST when the engine stays away, or comes back without the build
 */
export async function* followBuild(
  engine: EngineConnection,
  request: BuildRequest,
  signal?: AbortSignal,
): AsyncGenerator<BuildEvent, void, void> {
  const asked = signal === undefined ? {} : { signal };
  const body = engine.isDistant ? { ...request, mayComeBack: true } : request;
  let build: string | undefined;
  let seen = 0;
  let nFailures = 0;
  for (;;) {
    try {
      if (nFailures > 0) await delay(FIRST_PAUSE_MS * 2 ** nFailures, undefined, asked);
      const answer =
        build === undefined
          ? await engine.stream({ method: 'POST', path: BUILDS_PATH, body, ...asked })
          : await engine.stream({ method: 'GET', path: buildEventsPath(build, seen), ...asked });
      for await (const value of readJsonLines(answer.body)) {
        const event = decodeBuildEvent(value, '');
        if (event.seq <= seen) continue;
        seen = event.seq;
        nFailures = 0;
        if (event.type === 'started') build = event.build;
        yield event;
        if (event.type === 'result' || event.type === 'error') return;
      }
      throw new NaruError('unavailable', 'E_BUILD_STREAM', 'the engine stopped telling about the build');
    } catch (error) {
      nFailures += 1;
      if (!(error instanceof NaruError) || build === undefined || signal?.aborted) throw error;
      if (error.kind === 'not-found' && nFailures > 1) throw buildLost('it started anew', error);
      if (error.kind !== 'unavailable') throw error;
      if (nFailures > MAX_FAILURES) throw buildLost(error.message, error);
    }
  }
}

/** In a row, without an event in between: an engine that does not answer for two seconds is gone. */
const MAX_FAILURES = 5;
const FIRST_PAUSE_MS = 25;

function buildLost(what: string, cause: NaruError): NaruError {
  return new NaruError('unavailable', 'E_BUILD_LOST', `the engine went away while building: ${what}`, {
    hint: 'build again: finished steps are kept',
    cause,
  });
}

export async function cancelBuild(engine: EngineConnection, build: string): Promise<void> {
  await engine.done({ method: 'DELETE', path: `${BUILDS_PATH}/${encodeURIComponent(build)}` });
}

/** @throws NaruError "unimplemented" for any other engine */
export function demandNaru(engine: EngineConnection, feature: string): void {
  if (engine.kind === 'naru') return;
  throw new NaruError('unimplemented', 'E_NEEDS_NARU', `${feature} needs Naru's own engine`, {
    hint: 'select the local engine or an SSH host with Naru on it',
  });
}
