/**
 * `POST /build`: a build from a context sent as a tar archive, or from a repository, archive or Dockerfile at an address (`remote`), told in the classic builder's words.
 * BuildKit's own protocol (`version=2`, /grpc, /session) is not spoken.
 */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { BuildOptions } from '../../../core/build/options.ts';
import { remoteContextOf } from '../../../core/build/remote-context.ts';
import { readContextAddress } from '../../../core/build/remote-source.ts';
import type { FileTree } from '../../../core/context/file-tree.ts';
import { NaruError } from '../../../core/errors.ts';
import type { Platform } from '../../../core/oci/platform.ts';
import { parseReference } from '../../../core/oci/reference.ts';
import type { CacheSource } from '../../../core/protocol/cache-source.ts';
import { openArchiveContext } from '../../build/archive-context.ts';
import { build, type BuildNews } from '../../build/builder.ts';
import type { Builds } from '../../build/builds.ts';
import { RunFailure } from '../../build/ops/run.ts';
import { openRemoteContext, readContextDockerfile } from '../../build/remote-context.ts';
import type { ApiRequest, Endpoint } from '../endpoint.ts';
import type { ApiParts } from '../parts.ts';
import type { Query } from '../query.ts';
import { progressAnswer, type SendProgress } from '../progress.ts';
import { ClassicOutput } from './classic-output.ts';
import { readBuildQuery, readCacheFrom } from './options.ts';

export const imageBuild: Endpoint = {
  method: 'POST',
  path: '/build',
  handle: async (request, parts) => {
    if (request.query.text('version') === '2') {
      throw new NaruError('unimplemented', 'E_BUILDKIT', 'this engine does not speak the BuildKit protocol', {
        hint: 'set DOCKER_BUILDKIT=0, or build with naru build',
      });
    }
    const { builds } = parts;
    const settings = readSettings(request.query, builds.parts.platform);
    const remote = request.query.text('remote');
    const source =
      remote === '' || remote === 'client-session'
        ? await sentSource(request, settings, builds)
        : await addressSource(remote, request, settings, builds);
    return progressAnswer((send) =>
      builds.attended(request.signal, async (signal) => {
        try {
          await run({ ...settings, signal }, parts, source, send);
        } finally {
          await source.remove();
        }
      }),
    );
  },
};

interface Source {
  readonly dockerfile: string;
  readonly options: BuildOptions;
  readonly tree?: FileTree;
  remove(): Promise<void>;
}

async function sentSource(request: ApiRequest, settings: Settings, builds: Builds): Promise<Source> {
  const context = await builds.attended(request.signal, (signal) =>
    openArchiveContext(request.body, {
      directory: join(builds.parts.dataDir, 'archives'),
      dockerfile: settings.path,
      signal,
    }),
  );
  return { ...context, options: settings.options };
}

/** Fetched before the answer begins, as by dockerd, so that what is wrong with it has a status. */
async function addressSource(
  remote: string,
  request: ApiRequest,
  { path, options }: Settings,
  builds: Builds,
): Promise<Source> {
  const address = readContextAddress(remote);
  if (address === undefined || address.kind === 'fault') {
    const why = address?.message ?? `remoteURL (${remote}) could not be recognized as URL`;
    throw new NaruError('invalid-argument', 'E_ADDRESS', why);
  }
  const context = remoteContextOf(address, options.buildArgs);
  return builds.attended(request.signal, async (signal) => {
    const asked = { build: randomUUID(), context, agents: new Map(), signal };
    const opened = await openRemoteContext(builds.parts, asked);
    return {
      dockerfile: await readContextDockerfile(opened, path),
      options: { ...options, context: opened.context },
      remove: async () => undefined,
    };
  });
}

interface Settings {
  readonly path: string;
  readonly tags: readonly string[];
  readonly options: BuildOptions;
  readonly isQuiet: boolean;
  readonly pulls: boolean;
  readonly cacheFrom: readonly CacheSource[];
}

/** Read before the context is, so that a wrong one costs nothing. @throws invalid-argument */
function readSettings(query: Query, platform: Platform): Settings {
  const tags = query.all('t').filter((tag) => tag !== '');
  for (const tag of tags) parseReference(tag);
  return {
    path: query.text('dockerfile') || 'Dockerfile',
    tags,
    options: readBuildQuery(query, platform),
    isQuiet: query.flag('q'),
    pulls: query.flag('pull'),
    cacheFrom: readCacheFrom(query),
  };
}

async function run(
  { path, tags, isQuiet, pulls, cacheFrom, signal }: Settings & { readonly signal: AbortSignal },
  { builds }: ApiParts,
  { dockerfile: text, options, tree }: Source,
  send: SendProgress,
): Promise<void> {
  const nSteps = readDockerfile(text).value.stages.reduce((n, stage) => n + 1 + stage.instructions.length, 0);
  const output = new ClassicOutput(send, { nSteps, noCache: options.noCache });
  const onNews = (news: BuildNews): void => {
    if (!isQuiet) output.tell(news);
  };
  const fetch = (): Promise<never> => Promise.reject(new Error('images carry no layers'));
  const caches = await builds.caches.open(
    cacheFrom,
    builds.parts,
    () => fetch,
    (message) => onNews({ type: 'warning', line: 0, code: 'W_CACHE_IMPORT', message }),
  );
  const image = await build(builds.parts, {
    id: randomUUID(),
    dockerfile: { path, text },
    project: `docker ${tags[0] ?? path}`,
    options,
    contexts: (name) => (name === '' ? tree : undefined),
    tags,
    secrets: new Map(),
    agents: new Map(),
    pulls,
    caches,
    isCacheInlined: options.buildArgs.get('BUILDKIT_INLINE_CACHE') === '1',
    onNews,
    signal,
  }).catch((error: unknown) => {
    throw classicError(error);
  });
  if (isQuiet) {
    send({ stream: `${image.id}\n` });
    return;
  }
  send({ aux: { ID: image.id } });
  send({ stream: `Successfully built ${image.id.slice(7, 19)}\n` });
  for (const tag of tags)
    send({ stream: `Successfully tagged ${tag.includes(':') ? tag : `${tag}:latest`}\n` });
}

/** Docker's words for a command that failed; docker's CLI exits with the code in them. */
function classicError(error: unknown): unknown {
  if (!(error instanceof NaruError)) return error;
  const run = runFailureOf(error);
  if (run === undefined) return error;
  const command = /^process "(.*)" did not complete/.exec(run.message)?.[1] ?? '';
  const message = `The command '${command.replaceAll('\\"', '"')}' returned a non-zero code: ${run.exitCode}`;
  return new NaruError(error.kind, error.code, message, { cause: run });
}

function runFailureOf(error: unknown): RunFailure | undefined {
  if (error instanceof RunFailure) return error;
  return error instanceof Error && error.cause !== undefined ? runFailureOf(error.cause) : undefined;
}
