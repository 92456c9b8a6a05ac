/**
 * `naru preview`: what each instruction would do in the next build, and why, without building.
 * Exit code 0 when everything is cached, 1 when something would run, 2 on error.
 */

import type { Command } from 'commander';

import { preview } from '../../../core/preview/preview.ts';
import type { PreviewReport } from '../../../core/preview/report.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { resolveCache, resolveImages } from '../../driver/engine/naru.ts';
import { NaruError } from '../../../core/errors.ts';
import { addBuildFlags, type BuildFlags, buildOptionsOf } from '../build/flags.ts';
import { formatPreview } from '../build/preview-table.ts';
import { openProject, refuseErrors } from '../build/project.ts';
import { withEngine } from '../connect.ts';
import { ExitWith } from '../exit.ts';
import type { CliIo } from '../io.ts';

export function addPreviewCommand(program: Command, io: CliIo): void {
  const command = program
    .command('preview')
    .description(
      'say what the next build would do, without building (exit code 0: all cached, 1: something would run)',
    );
  addBuildFlags(command)
    .option('--json', 'one JSON object')
    .action(async (context: string, flags: BuildFlags & { json?: boolean }) => {
      const report = await withEngine(command, io, (engine) =>
        previewProject(engine, context, flags, io),
      ).catch((error: unknown) => fail(error, io));
      const isColoured = io.stdout.isTTY === true && io.env['NO_COLOR'] === undefined;
      io.stdout.write(flags.json ? toJson(report) : formatPreview(report, isColoured));
      if (!report.summary.isAllCached) throw new ExitWith(1);
    });
}

async function previewProject(
  engine: EngineConnection,
  contextPath: string,
  flags: BuildFlags,
  io: CliIo,
): Promise<PreviewReport> {
  const { file, dockerfile, context } = await openProject(contextPath, flags, io.cwd);
  const options = buildOptionsOf(flags, { os: 'linux', architecture: engine.arch }, io.env);
  const { tree } = await context.view();
  const { value, problems } = await preview({
    dockerfile,
    file,
    project: context.project,
    options,
    contexts: (name) => (name === '' ? tree : undefined),
    resolver: {
      resolveImage: async (reference, platform) =>
        (
          await resolveImages(engine, { images: [{ reference, platform }], isLocalOnly: false }, io.signal)
        )[0],
      lookup: (requests, signal) => resolveCache(engine, requests, signal),
    },
    signal: io.signal,
  });
  await context.directory.save();
  refuseErrors(file, dockerfile, problems);
  if (value) return value;
  throw new NaruError('invalid-argument', 'E_NOTHING_TO_BUILD', `${file} has no stage to build`);
}

/** Spans are the editor's business. */
function toJson(report: PreviewReport): string {
  const steps = report.steps.map(({ span: _span, ...step }) => step);
  return `${JSON.stringify({ ...report, steps })}\n`;
}

/** Exit code 1 already says "something would run", so every error is a 2. */
function fail(error: unknown, io: CliIo): never {
  if (!(error instanceof NaruError)) throw error;
  const where = error.location
    ? `${error.location.file}:${error.location.start.line + 1}:${error.location.start.column + 1}: `
    : '';
  io.stderr.write(`naru: ${where}${error.message}\n${error.hint ? `      ${error.hint}\n` : ''}`);
  throw new ExitWith(2);
}
