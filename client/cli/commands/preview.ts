/**
 * `naru preview`: what each instruction would do in the next build, and why, without building.
 * Exit code 0 when everything is cached as far as can be told without fetching, 1 when something would run, 2 on error and when an image is missing: the rest is shown all the same.
 */

import type { Command } from 'commander';

import type { BuildOptions } from '../../../core/build/options.ts';
import type { FileTree } from '../../../core/context/file-tree.ts';
import { problemsOfAnyBuild, problemsOfBuild } from '../../../core/build/reading-problems.ts';
import { unusedArgsText } from '../../../core/build/unused-args.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { NaruError } from '../../../core/errors.ts';
import { preview } from '../../../core/preview/preview.ts';
import type { PreviewReport } from '../../../core/preview/report.ts';
import type { PreviewResolver } from '../../../core/preview/resolver.ts';
import type { CacheSource } from '../../../core/protocol/cache-source.ts';
import { explainMissing } from '../../../local/missing-source.ts';
import { forwardAgents } from '../../driver/agents/forward.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { openContext, resolveCache, resolveImages } from '../../driver/engine/naru.ts';
import { findAgents, readAgents } from '../build/agents.ts';
import { buildOptionsOf } from '../build/build-options.ts';
import { addOutputFlagsWithoutEffect } from '../build/docker-flags.ts';
import { addBuildFlags, type BuildFlags } from '../build/flags.ts';
import { giveCaches } from '../build/carried-caches.ts';
import { formatPreview } from '../build/preview-table.ts';
import { openLayouts } from '../build/layouts.ts';
import { openNamedDirectories } from '../build/named-contexts.ts';
import { EVERYTHING, loadNeeded } from '../build/needed.ts';
import { errorOf, refuseErrors } from '../build/project.ts';
import { readSecrets } from '../build/secrets.ts';
import { sendContexts } from '../build/send.ts';
import { type BuildSource, openSource } from '../build/source.ts';
import { withEngine } from '../connect.ts';
import { ExitWith } from '../exit.ts';
import type { CliIo } from '../io.ts';
import { tellError } from '../tell-error.ts';

export function addPreviewCommand(program: Command, io: CliIo): void {
  const command = program
    .command('preview')
    .description(
      'say what the next build would do, without building (exit code 0: all cached, 1: something would run, 2: it cannot be built)',
    );
  addOutputFlagsWithoutEffect(addBuildFlags(command))
    .option('--json', 'one JSON object')
    .action(async (context: string, flags: BuildFlags & { json?: boolean }) => {
      const { report, missing } = await withEngine(command, io, (engine) =>
        previewProject(engine, context, flags, io),
      ).catch((error: unknown) => fail(error, io));
      const isColoured = io.stdout.isTTY === true && io.env['NO_COLOR'] === undefined;
      const { unusedArgs = [] } = report;
      if (unusedArgs.length > 0) io.stderr.write(`warning: ${unusedArgsText(unusedArgs)}\n`);
      io.stdout.write(flags.json ? toJson(report) : formatPreview(report, isColoured));
      for (const error of missing) tellError(error, io);
      if (missing.length > 0) throw new ExitWith(2);
      if (!report.summary.isAllCached) throw new ExitWith(1);
    });
}

interface Previewed {
  readonly report: PreviewReport;
  /** Images that the engine lacks, each where it is named. */
  readonly missing: readonly NaruError[];
}

async function previewProject(
  engine: EngineConnection,
  contextPath: string,
  flags: BuildFlags,
  io: CliIo,
): Promise<Previewed> {
  const options = buildOptionsOf(flags, { os: 'linux', architecture: engine.arch }, io.env);
  // A build reads them before its first step.
  await readSecrets(flags.secret, io);
  await findAgents(flags.ssh, io);
  const { sources: cacheFrom } = await giveCaches(engine, flags.cacheFrom, io);
  const source = await openSource(contextPath, flags, options.buildArgs, io);
  const named = await openNamedDirectories(options.buildContexts, io.cwd);
  const main = await openMain(engine, source, flags, io);
  const { file } = source;
  const { value: dockerfile, problems: faults } = readDockerfile(main.text);
  refuseErrors(file, dockerfile, problemsOfAnyBuild(faults));
  const layouts = await openLayouts(engine, options.buildContexts, { ...io, platform: options.platform });
  const planned = { ...options, ...main.options, buildContexts: layouts.contexts };
  try {
    if (layouts.nLayouts > 0) await loadNeeded(engine, dockerfile, planned, layouts, io.signal);
    const { value, problems } = await preview({
      dockerfile,
      file,
      project: source.project,
      options: planned,
      contexts: (name) => (name === '' ? main.tree : named.get(name)?.tree),
      resolver: resolverOf(engine, cacheFrom, io.signal),
      signal: io.signal,
    });
    await source.save();
    const explained = await explainMissing(problems, dockerfile, source.lookedIn);
    const skipped = value?.steps.filter(({ state }) => state === 'SKIPPED') ?? [];
    refuseErrors(file, dockerfile, problemsOfBuild(faults, explained, dockerfile, skipped));
    if (value) {
      const missing = explained.filter(({ code }) => code === 'E_NO_IMAGE');
      return { report: value, missing: missing.map((problem) => errorOf(file, dockerfile, problem)) };
    }
  } finally {
    await layouts.remove();
  }
  throw new NaruError('invalid-argument', 'E_NOTHING_TO_BUILD', `${file} has no stage to build`);
}

function resolverOf(
  engine: EngineConnection,
  cacheFrom: readonly CacheSource[],
  signal: AbortSignal,
): PreviewResolver {
  return {
    resolveImage: async (reference, platform) =>
      (await resolveImages(engine, { images: [{ reference, platform }], isLocalOnly: false }, signal))[0],
    lookup: (vertices, left) => resolveCache(engine, { vertices, cacheFrom }, left),
  };
}

interface MainContext {
  readonly text: string;
  /** Of files of ours; what lies elsewhere is read by the engine. */
  readonly tree?: FileTree;
  readonly options: Pick<BuildOptions, 'context'>;
}

/** A context that is no directory is fetched by the engine, as a build would, and its Dockerfile read there. */
async function openMain(
  engine: EngineConnection,
  source: BuildSource,
  flags: BuildFlags,
  io: CliIo,
): Promise<MainContext> {
  const { text, file, context } = source;
  if (context.kind === 'files') return { text: text ?? '', tree: context.files.tree, options: {} };
  const { options } = await sendContexts(engine, source, new Map(), EVERYTHING, io);
  if (options.context === undefined)
    throw new NaruError('internal', 'E_CONTEXT', 'the context has no address');
  const agents = await forwardAgents(engine, await readAgents(flags.ssh, io));
  try {
    const wanted = text === undefined ? { dockerfile: file } : {};
    const asked = { context: options.context, ...wanted, agents: agents.sessions };
    const opened = await openContext(engine, asked, io.signal);
    return { text: text ?? opened.dockerfile ?? '', options: { context: opened.context } };
  } finally {
    agents.close();
  }
}

/** Spans are the editor's business. */
function toJson(report: PreviewReport): string {
  const steps = report.steps.map(({ span: _span, ...step }) => step);
  return `${JSON.stringify({ ...report, steps })}\n`;
}

/** Exit code 1 already says "something would run", so every error is a 2. */
function fail(error: unknown, io: CliIo): never {
  if (!(error instanceof NaruError)) throw error;
  tellError(error, io);
  throw new ExitWith(2);
}
