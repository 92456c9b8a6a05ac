/** `POST /build`: the builder that every engine has. Secrets and SSH forwarding need BuildKit's session or Naru's own builds. */

import { type Decoder, integer, listOf, object, string } from '../../../core/engine-api/decode.ts';
import type { EngineConnection } from './connection.ts';
import type { Pruned } from './containers.ts';
import { type ProgressMessage, readProgress } from './progress.ts';
import { authConfigHeader, type RegistryAuth } from './registry-auth.ts';

export interface ClassicBuildOptions {
  /** Name of the Dockerfile in the archive. */
  readonly dockerfile: string;
  readonly tags: readonly string[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly platform?: string;
  readonly noCache: boolean;
  readonly pulls: boolean;
  readonly network?: string;
  /** `name:address`. */
  readonly extraHosts: readonly string[];
  readonly shmBytes?: number;
  readonly cgroupParent?: string;
  readonly auths?: readonly RegistryAuth[];
  readonly signal?: AbortSignal;
}

/** Read to its end: leaving the iteration cancels the build. The last message with an `aux` names the image (`builtImage`). @throws NaruError with the builder's words */
export async function* buildClassic(
  engine: EngineConnection,
  archive: AsyncIterable<Uint8Array>,
  options: ClassicBuildOptions,
): AsyncGenerator<ProgressMessage, void, void> {
  const { body } = await engine.stream({
    method: 'POST',
    path: '/build',
    query: {
      dockerfile: options.dockerfile,
      t: options.tags,
      buildargs: options.buildArgs,
      labels: options.labels,
      target: options.target,
      platform: options.platform,
      nocache: options.noCache,
      pull: options.pulls,
      networkmode: options.network,
      extrahosts: options.extraHosts.length === 0 ? undefined : options.extraHosts,
      shmsize: options.shmBytes,
      cgroupparent: options.cgroupParent,
      rm: true,
      forcerm: true,
    },
    headers: { 'content-type': 'application/x-tar', ...authConfigHeader(options.auths ?? []) },
    stream: archive,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  yield* readProgress(body);
}

/** The image ID a message of `buildClassic` carries, if it does. */
export function builtImage(message: ProgressMessage): string | undefined {
  if (message.aux === undefined || message.aux === null) return undefined;
  return decodeAux(message.aux, 'aux').ID || undefined;
}

const decodeAux: Decoder<{ readonly ID: string }> = object({ ID: string });

export interface PruneBuildCacheOptions {
  /** Also what images have: their steps run again then, and nothing comes free of it. */
  readonly isAll: boolean;
  /** Stop when the cache has at most so many bytes. */
  readonly keepBytes?: number;
  /** Only what fits: `until` (not used for so long, a duration as Go writes it), `type`, `id` and so on. */
  readonly filters?: Readonly<Record<string, readonly string[]>>;
}

/** Removes build cache, the least recently used first. */
export async function pruneBuildCache(
  engine: EngineConnection,
  { isAll, keepBytes, filters }: PruneBuildCacheOptions,
): Promise<Pruned> {
  const query = {
    all: isAll || undefined,
    'keep-storage': keepBytes,
    filters,
  };
  const answer = await engine.json({ method: 'POST', path: '/build/prune', query }, decodePrune);
  return { removed: answer.CachesDeleted, reclaimedBytes: answer.SpaceReclaimed };
}

const decodePrune: Decoder<{ readonly CachesDeleted: readonly string[]; readonly SpaceReclaimed: number }> =
  object({ CachesDeleted: listOf(string), SpaceReclaimed: integer });
