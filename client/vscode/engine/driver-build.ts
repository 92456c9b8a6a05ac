/** A build over client/driver: Naru's engine gets only the files it lacks, others get the whole context as an archive. */

import { join } from 'node:path';

import { readNamedContext } from '../../../core/build/named-contexts.ts';
import { defaultBuildOptions } from '../../../core/build/options.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { NaruError } from '../../../core/errors.ts';
import { type BuildEvent, encodeBuildOptions } from '../../../core/protocol/build.ts';
import { epochOption } from '../../../core/source-date-epoch.ts';
import { type BuildContext, openBuildContext } from '../../../local/build-context.ts';
import { buildClassic, builtImage } from '../../driver/engine/builds.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { cancelBuild, followBuild } from '../../driver/engine/naru.ts';
import { openContextSession } from '../../driver/sync/context-session.ts';
import { type ContextSource, directorySource } from '../../driver/sync/context-source.ts';
import { findNeededContexts } from '../../driver/sync/needed-contexts.ts';
import { syncContext } from '../../driver/sync/context-sync.ts';
import { contextTar, DOCKERFILE_NAME } from '../../driver/sync/context-tar.ts';
import type { BuildOptions } from './engine.ts';

/** Events as they happen; the last one is a result or an error. Aborting cancels the build on the engine. */
export function buildImage(
  connection: EngineConnection,
  options: BuildOptions,
  signal: AbortSignal,
): AsyncIterable<BuildEvent> {
  return connection.kind === 'naru'
    ? buildOnNaru(connection, options, signal)
    : buildElsewhere(connection, options, signal);
}

async function* buildOnNaru(
  connection: EngineConnection,
  options: BuildOptions,
  signal: AbortSignal,
): AsyncGenerator<BuildEvent, void, void> {
  const { context, source } = await openSource(options.dockerfile, options.contextDirectory);
  const named = await openNamed(options);
  const planned = engineOptions(connection, options);
  const dockerfile = readDockerfile(options.text).value;
  const needed = await findNeededContexts(connection, dockerfile, planned, { signal });
  const session = openContextSession(connection, signal);
  let build: string | undefined;
  try {
    const contexts: Record<string, string> = {};
    for (const [name, files] of [['', source] as const, ...named]) {
      if (!needed.has(name)) continue;
      const sent = { isCompressed: connection.isDistant, session, signal };
      contexts[name] = (await syncContext(connection, files, sent)).id;
    }
    await context.directory.save();
    const { platform: _, ...wireOptions } = encodeBuildOptions(planned);
    const request = {
      dockerfile: { path: options.dockerfile, text: options.text },
      contexts,
      project: context.project,
      options: wireOptions,
      tags: [options.tag],
      secrets: {},
      pulls: false,
    };
    for await (const event of followBuild(connection, request, signal)) {
      if (event.type === 'started') ({ build } = event);
      yield event;
    }
  } finally {
    session.close();
    // An engine that is gone has no build to cancel.
    if (signal.aborted && build !== undefined) await cancelBuild(connection, build).catch(() => undefined);
  }
}

function engineOptions(
  connection: EngineConnection,
  options: BuildOptions,
): ReturnType<typeof defaultBuildOptions> {
  const buildArgs = new Map(Object.entries(options.buildArgs));
  return {
    ...defaultBuildOptions({ os: 'linux', architecture: connection.arch }),
    buildArgs,
    ...epochOption(buildArgs),
    buildContexts: new Map(Object.entries(options.buildContexts ?? {})),
    ...(options.target === undefined ? {} : { target: options.target }),
  };
}

interface OpenSource {
  readonly context: BuildContext;
  readonly source: ContextSource;
}

async function openSource(dockerfile: string, directory: string): Promise<OpenSource> {
  const context = await openBuildContext(dockerfile, directory);
  const { tree } = await context.view();
  return { context, source: directorySource(context.directory.root, tree, context.directory.known) };
}

/** The named contexts that are folders, without what their own ignore files take out. */
async function openNamed({ buildContexts = {} }: BuildOptions): Promise<ReadonlyMap<string, ContextSource>> {
  const sources = new Map<string, ContextSource>();
  for (const [name, value] of Object.entries(buildContexts)) {
    const named = readNamedContext(value);
    if (named.kind !== 'directory') continue;
    sources.set(name, (await openSource(join(named.path, 'Dockerfile'), named.path)).source);
  }
  return sources;
}

/** Docker and Podman tell their steps only as text, so everything is a log here. */
async function* buildElsewhere(
  connection: EngineConnection,
  options: BuildOptions,
  signal: AbortSignal,
): AsyncGenerator<BuildEvent, void, void> {
  if (Object.keys(options.buildContexts ?? {}).length > 0) {
    const message = 'named contexts (contexts in naru.builds) are for the engines of Naru alone';
    throw new NaruError('unimplemented', 'E_BUILD_CONTEXTS', message, { hint: 'select another engine' });
  }
  const { source } = await openSource(options.dockerfile, options.contextDirectory);
  const archive = contextTar(source, { dockerfile: options.text, signal });
  const messages = buildClassic(connection, archive, {
    dockerfile: DOCKERFILE_NAME,
    tags: [options.tag],
    buildArgs: options.buildArgs,
    labels: {},
    noCache: false,
    pulls: false,
    extraHosts: [],
    signal,
    ...(options.target === undefined ? {} : { target: options.target }),
  });
  let seq = 0;
  let image = '';
  for await (const message of messages) {
    image = builtImage(message) ?? image;
    if (message.text === '') continue;
    yield { seq: (seq += 1), type: 'log', stage: '', line: 0, stream: 'stdout', text: message.text };
  }
  yield { seq: (seq += 1), type: 'result', image, tags: [options.tag] };
}
