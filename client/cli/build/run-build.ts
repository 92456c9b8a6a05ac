/** One build by `naru build`, from its flags to what is written with the image. */

import { rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { NaruError } from '../../../core/errors.ts';
import { parseReference } from '../../../core/oci/reference.ts';
import { type BuildEvent, type BuildRequest, encodeBuildOptions } from '../../../core/protocol/build.ts';
import { missingSourceHint } from '../../../local/missing-source.ts';
import { forwardAgents } from '../../driver/agents/forward.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { cancelBuild, demandNaru, followBuild } from '../../driver/engine/naru.ts';
import type { ContextSource } from '../../driver/sync/context-source.ts';
import type { CliIo } from '../io.ts';
import { tellError } from '../tell-error.ts';
import { checkWholeFile, writeWholeText } from '../whole-file.ts';
import { readAgents } from './agents.ts';
import { buildOptionsOf } from './build-options.ts';
import { readCacheTo } from './cache-flags.ts';
import { answerFetch, type GivenCaches, giveCaches, takeCaches } from './carried-caches.ts';
import type { BuildFlags } from './flags.ts';
import { openLayouts } from './layouts.ts';
import { openNamedDirectories } from './named-contexts.ts';
import { findNeeded } from './needed.ts';
import { writeMetadata, writeOutput } from './output.ts';
import { type BuildOutput, type OutputFlags, placeOf, readOutputs } from './output-flags.ts';
import { makeProgress, tellResult } from './progress.ts';
import type { ProgressKind } from './progress-kinds.ts';
import { readSecrets } from './secrets.ts';
import { sendContexts, type SentContexts } from './send.ts';
import { type BuildSource, openSource } from './source.ts';

export interface BuildCommandFlags extends BuildFlags, OutputFlags {
  readonly progress: ProgressKind;
  readonly quiet?: boolean;
  readonly metadataFile?: string;
  readonly cacheTo: readonly string[];
  readonly pull?: boolean;
}

/** Answers the last event: a result or an error. `seen` as in a ContextSource. */
export async function build(
  engine: EngineConnection,
  contextPath: string,
  flags: BuildCommandFlags,
  io: CliIo,
  seen: ContextSource['seen'],
): Promise<BuildEvent | undefined> {
  // What is wrong with a name or a place is told before anything runs.
  const { outputs, makes, tags, keepsTimes } = await readOutputs(flags, io);
  for (const name of [...flags.tag, ...outputs.flatMap(namesOf)]) checkTag(name);
  await prepareResult(flags, io);
  const cacheTo = flags.cacheTo.map((text) => readCacheTo(text, io.cwd));
  if (cacheTo.length > 0) demandNaru(engine, '--cache-to');
  const caches = await giveCaches(engine, flags.cacheFrom, io);
  const sharedFlags = { ...flags, rewriteTimestamp: flags.rewriteTimestamp && !keepsTimes };
  const options = buildOptionsOf(sharedFlags, { os: 'linux', architecture: engine.arch }, io.env);
  const source = await openSource(contextPath, flags, options.buildArgs, io, seen);
  const named = await openNamedDirectories(options.buildContexts, io.cwd);
  const secrets = await readSecrets(flags.secret, io);
  const layouts = await openLayouts(engine, options.buildContexts, { ...io, platform: options.platform });
  const agents = await forwardAgents(engine, await readAgents(flags.ssh, io));
  let sent: SentContexts | undefined;
  try {
    const planned = { ...options, buildContexts: layouts.contexts };
    const needed = await findNeeded(engine, source, planned, layouts, io.signal);
    sent = await sendContexts(engine, source, named, needed, io);
    await source.save();
    const request: BuildRequest = {
      dockerfile: { path: source.file, ...(source.text === undefined ? {} : { text: source.text }) },
      contexts: sent.contexts,
      project: source.project,
      options: encodeBuildOptions({ ...planned, ...sent.options }),
      tags,
      secrets,
      agents: agents.sessions,
      pulls: flags.pull === true,
      cacheFrom: caches.sources,
      isCacheInlined:
        cacheTo.some(({ kind }) => kind === 'inline') ||
        options.buildArgs.get('BUILDKIT_INLINE_CACHE') === '1',
      makes,
    };
    const told = resultStream(outputs, io);
    const { id, last } = await follow(engine, request, flags, caches, source, told);
    if (last?.type !== 'result' || id === undefined) return last;
    const say = (text: string): void => void (isToldToPeople(flags) && io.stderr.write(`${text}\n`));
    await takeCaches(engine, id, cacheTo, caches, io);
    for (const output of outputs) await writeOutput(engine, id, output, io, say);
    await writeResult(last, flags, io);
    tellResult(progressKind(flags), last, told);
    return last;
  } finally {
    sent?.close();
    agents.close();
    await layouts.remove();
  }
}

/** An archive on stdout must not have the image's ID in front of it. */
function resultStream(outputs: readonly BuildOutput[], io: CliIo): CliIo {
  const isTaken = outputs.some((output) => placeOf(output)?.kind === 'stdout');
  return isTaken ? { ...io, stdout: io.stderr } : io;
}

/** @throws NaruError "invalid-argument" E_TAG */
function checkTag(tag: string): void {
  try {
    parseReference(tag);
  } catch (cause) {
    if (!(cause instanceof NaruError)) throw cause;
    const { message, hint } = cause;
    throw new NaruError('invalid-argument', 'E_TAG', message, {
      cause,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

function namesOf(output: BuildOutput): readonly string[] {
  return 'names' in output ? output.names : [];
}

async function follow(
  engine: EngineConnection,
  request: BuildRequest,
  flags: BuildCommandFlags,
  caches: GivenCaches,
  source: BuildSource,
  io: CliIo,
): Promise<{ readonly id: string | undefined; readonly last: BuildEvent | undefined }> {
  const progress = makeProgress(progressKind(flags), io);
  let build: string | undefined;
  let last: BuildEvent | undefined;
  const leaving = new AbortController();
  let patience: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    if (build !== undefined) void cancelBuild(lasting, build).catch(() => undefined); // it may be over
    patience = setTimeout(() => leaving.abort(noAnswer()), MAX_CANCEL_MS);
  };
  // Ctrl-C cancels on the engine; the stream goes on until that has told the end, or nothing comes back any more.
  const lasting = engine.boundTo(leaving.signal);
  io.signal.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const event of followBuild(lasting, request)) {
      if (event.type === 'started') build = event.build;
      // Beside the reading of events: the build says more before it has read the layer.
      if (event.type === 'fetch' && build !== undefined)
        void answerFetch(engine, build, event, caches.layers);
      progress(event);
      if (event.type === 'error' && flags.progress !== 'json' && !io.signal.aborted)
        tellBuildError(await explained(event, source), flags, io);
      last = event;
    }
  } finally {
    io.signal.removeEventListener('abort', onAbort);
    clearTimeout(patience);
  }
  return { id: build, last };
}

/** Steps are killed within a second. */
const MAX_CANCEL_MS = 5000;

function noAnswer(): NaruError {
  const message = 'cancelled, and the engine does not answer: the build there ends by itself';
  return new NaruError('cancelled', 'E_CANCELLED', message);
}

function progressKind({ quiet, progress }: BuildCommandFlags): ProgressKind {
  return quiet ? 'quiet' : progress;
}

type BuildFailure = Extract<BuildEvent, { type: 'error' }>;

/** The engine knows only what it was sent; what lies beside that is known here. */
async function explained(event: BuildFailure, { text, lookedIn }: BuildSource): Promise<BuildFailure> {
  if (event.hint !== undefined || text === undefined || lookedIn === undefined) return event;
  const hint = await missingSourceHint(event, readDockerfile(text).value, lookedIn);
  return hint === undefined ? event : { ...event, hint };
}

function tellBuildError(event: BuildFailure, flags: BuildCommandFlags, io: CliIo): void {
  const where = event.line > 0 ? `${event.file}:${event.line}:${event.column}` : undefined;
  const { message, hint } = event;
  if (!isLastOutput(hint)) {
    tellError({ message, hint }, io, where);
    return;
  }
  tellError({ message }, io, where);
  // Output of a command comes as it wrote it.
  if (!isToldToPeople(flags)) io.stderr.write(`      ${hint}\n`);
}

/** What goes on is told as text. */
function isToldToPeople({ quiet, progress }: BuildCommandFlags): boolean {
  return quiet !== true && progress !== 'json' && progress !== 'quiet';
}

/** The engine repeats a failed step's output for those who did not follow it. */
function isLastOutput(hint: string | undefined): hint is string {
  return hint?.startsWith('its last output was:') === true;
}

/** `--iidfile` and `--metadata-file`. */
async function writeResult(
  { image }: Extract<BuildEvent, { type: 'result' }>,
  flags: BuildCommandFlags,
  io: CliIo,
): Promise<void> {
  if (flags.iidfile) await writeWholeText(resolve(io.cwd, flags.iidfile), image);
  if (flags.metadataFile) await writeMetadata(resolve(io.cwd, flags.metadataFile), image, flags.tag);
}

/** What is certain to fail must not wait for the end of a build. A build that fails leaves no image ID of an older one behind, but its metadata, as buildx (0.29.1). */
async function prepareResult({ iidfile, metadataFile }: BuildCommandFlags, io: CliIo): Promise<void> {
  for (const file of [iidfile, metadataFile]) if (file) await checkWholeFile(resolve(io.cwd, file));
  if (!iidfile) return;
  const path = resolve(io.cwd, iidfile);
  const there = await stat(path).catch(() => undefined);
  if (there?.isFile()) await rm(path);
}
