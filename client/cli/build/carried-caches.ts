/** What a build is given of caches elsewhere, what it asks for of them, and what it leaves in them. */

import { NaruError } from '../../../core/errors.ts';
import type { Digest } from '../../../core/oci/digest.ts';
import type { BuildEvent } from '../../../core/protocol/build.ts';
import type { CacheSource } from '../../../core/protocol/cache-source.ts';
import { systemReason } from '../../../local/system-reason.ts';
import { layersIn, readCacheDirectory, writeCacheDirectory } from '../../driver/cache/cache-directory.ts';
import { carryBuild, postCache, sendLayer } from '../../driver/engine/caches.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { demandNaru } from '../../driver/engine/naru.ts';
import type { CliIo } from '../io.ts';
import { type CacheFrom, type CacheTo, readCacheFrom } from './cache-flags.ts';

export interface GivenCaches {
  readonly sources: readonly CacheSource[];
  /** Files of the layers in all directories. */
  readonly layers: ReadonlyMap<Digest, string>;
}

/** Tells the engine of the caches. One that cannot be used is told as a warning: it is only time that it would save. */
export async function giveCaches(
  engine: EngineConnection,
  flags: readonly string[],
  io: CliIo,
): Promise<GivenCaches> {
  const sources: CacheSource[] = [];
  const layers = new Map<Digest, string>();
  const wanted: readonly CacheFrom[] = flags.map((text) => readCacheFrom(text, io.cwd));
  if (wanted.length > 0) demandNaru(engine, '--cache-from');
  for (const from of wanted) {
    if (from.kind === 'image') {
      sources.push(from);
      continue;
    }
    try {
      const cache = await readCacheDirectory(from.directory, from.tag);
      const id = await postCache(engine, cache.bytes, io.signal);
      sources.push({ kind: 'carried', id, name: from.directory, layers: [...cache.layers.keys()] });
      for (const [digest, file] of cache.layers) layers.set(digest, file);
    } catch (error) {
      if (!(error instanceof NaruError) || error.kind !== 'invalid-argument') throw error;
      io.stderr.write(`warning: ${error.message}\n`);
    }
  }
  return { sources, layers };
}

/** Sends what a build asks for. A file that cannot be read is a step that runs. */
export async function answerFetch(
  engine: EngineConnection,
  build: string,
  { diffId }: Extract<BuildEvent, { type: 'fetch' }>,
  layers: ReadonlyMap<Digest, string>,
): Promise<void> {
  try {
    await sendLayer(engine, build, diffId, layers.get(diffId));
  } catch {
    // The engine had enough of it, and says why; or it waits for what cannot be read.
    await sendLayer(engine, build, diffId, undefined).catch(() => undefined);
  }
}

/** Takes a finished build's steps into the directories. @throws NaruError, or what the file system throws, unless it is to be ignored */
export async function takeCaches(
  engine: EngineConnection,
  build: string,
  wanted: readonly CacheTo[],
  given: GivenCaches,
  io: CliIo,
): Promise<void> {
  for (const to of wanted) {
    if (to.kind === 'inline') continue;
    const { directory, tag, mode } = to;
    try {
      const have = new Map([...given.layers, ...(await layersIn(directory, tag))]);
      const request = { mode, have: [...have.keys()] };
      const open = (): ReturnType<typeof carryBuild> => carryBuild(engine, build, request, io.signal);
      await writeCacheDirectory(directory, tag, open, have);
    } catch (cause) {
      const reason = systemReason(cause);
      const message = `the image was built, but its cache cannot be written to ${directory}: ${reason}`;
      if (!to.ignoresErrors) throw new NaruError('unavailable', 'E_CACHE_EXPORT', message, { cause });
      io.stderr.write(`warning: ${message}\n`);
    }
  }
}
