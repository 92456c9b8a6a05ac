/**
 * `POST /build`: a build from a context sent as a tar archive, told in the classic builder's words.
 * BuildKit's own protocol (`version=2`, /grpc, /session) is not spoken.
 */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { BuildOptions } from '../../../core/build/options.ts';
import { NaruError } from '../../../core/errors.ts';
import type { Platform } from '../../../core/oci/platform.ts';
import { parseReference } from '../../../core/oci/reference.ts';
import { openArchiveContext } from '../../build/archive-context.ts';
import { build } from '../../build/builder.ts';
import { RunFailure } from '../../build/ops/run.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ApiParts } from '../parts.ts';
import type { Query } from '../query.ts';
import { progressAnswer, type SendProgress } from '../progress.ts';
import { ClassicOutput } from './classic-output.ts';
import { readBuildQuery } from './options.ts';

export const imageBuild: Endpoint = {
  method: 'POST',
  path: '/build',
  handle: async (request, parts) => {
    if (request.query.text('version') === '2') {
      throw new NaruError('unimplemented', 'E_BUILDKIT', 'this engine does not speak the BuildKit protocol', {
        hint: 'set DOCKER_BUILDKIT=0, or build with naru build',
      });
    }
    if (request.query.text('remote') !== '' && request.query.text('remote') !== 'client-session') {
      throw new NaruError(
        'unimplemented',
        'E_REMOTE_CONTEXT',
        'builds from a URL are not implemented by this engine',
      );
    }
    const { builds } = parts;
    const settings = readSettings(request.query, builds.parts.platform);
    const context = await builds.attended(request.signal, (signal) =>
      openArchiveContext(request.body, {
        directory: join(builds.parts.dataDir, 'archives'),
        dockerfile: settings.path,
        signal,
      }),
    );
    return progressAnswer((send) =>
      builds.attended(request.signal, async (signal) => {
        try {
          await run({ ...settings, signal }, parts, context, send);
        } finally {
          await context.remove();
        }
      }),
    );
  },
};

interface Settings {
  readonly path: string;
  readonly tags: readonly string[];
  readonly options: BuildOptions;
  readonly isQuiet: boolean;
  readonly pulls: boolean;
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
  };
}

async function run(
  { path, tags, options, isQuiet, pulls, signal }: Settings & { readonly signal: AbortSignal },
  { builds }: ApiParts,
  context: Awaited<ReturnType<typeof openArchiveContext>>,
  send: SendProgress,
): Promise<void> {
  const nSteps = readDockerfile(context.dockerfile).value.stages.reduce(
    (n, stage) => n + 1 + stage.instructions.length,
    0,
  );
  const output = new ClassicOutput(send, nSteps);
  const image = await build(builds.parts, {
    id: randomUUID(),
    dockerfile: { path, text: context.dockerfile },
    project: `docker ${tags[0] ?? path}`,
    options,
    contexts: (name) => (name === '' ? context.tree : undefined),
    tags,
    secrets: new Map(),
    pulls,
    onNews: (news) => {
      if (!isQuiet) output.tell(news);
    },
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
