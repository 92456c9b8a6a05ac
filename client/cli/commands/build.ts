/**
 * `naru build`: an image from a Dockerfile and a context; only files that the engine lacks are sent.
 * Ctrl-C cancels the build on the engine. Exit code 0 with an image, 1 when there is none, as docker's CLI has it.
 * What builds is loaded after the engine was asked to look at the context, so that both happen at once.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';

import { type Command, Option } from 'commander';

import { NaruError } from '../../../core/errors.ts';
import type { BuildEvent } from '../../../core/protocol/build.ts';
import { addDockerFlags, checkDockerFlags } from '../build/docker-flags.ts';
import { addBuildFlags } from '../build/flags.ts';
import { lookAhead } from '../build/look-ahead.ts';
import { PROGRESS_KINDS } from '../build/progress-kinds.ts';
import type { BuildCommandFlags } from '../build/run-build.ts';
import { withEngine } from '../connect.ts';
import { ExitWith } from '../exit.ts';
import type { CliIo } from '../io.ts';
import { collect } from '../parse/quantity.ts';

export function addBuildCommand(program: Command, io: CliIo): void {
  const command = program.command('build').description('build an image from a Dockerfile');
  addDockerFlags(addBuildFlags(command))
    .option('-t, --tag <name>', 'name the image; may be repeated', collect, [])
    .option('-q, --quiet', 'print only the image ID')
    .option('--iidfile <file>', 'write the image ID to a file')
    .option('--metadata-file <file>', 'write what was built to a file, as JSON')
    .option(
      '-o, --output <where>',
      'what to make instead of an image of the engine: type=docker|oci|tar|local,dest=PATH, type=image, type=cacheonly, a folder, or - for a tar on stdout',
      collect,
      [],
    )
    .option('--load', 'keep the image in the engine beside other outputs')
    .option('--push', 'send the image to its registry (not supported yet)')
    .option(
      '--cache-to <where>',
      'keep the steps there: type=local,dest=DIR[,mode=min|max], or type=inline for inside the image',
      collect,
      [],
    )
    .option(
      '--pull',
      'ask registries for newer base images (registries are not supported yet: local images are used)',
    )
    .addOption(
      new Option('--progress <kind>', 'how to tell what happens').choices(PROGRESS_KINDS).default('auto'),
    )
    .action(async (context: string, flags: BuildCommandFlags) => {
      const last = await buildWith(command, context, flags, io).catch((error: unknown) =>
        tellError(error, flags, io),
      );
      if (last?.type !== 'error') return;
      if (io.signal.aborted && flags.progress !== 'json')
        io.stderr.write('naru: cancelled; the steps that were finished are kept for the next build\n');
      io.signal.throwIfAborted();
      throw new ExitWith(1);
    });
}

/** Answers the last event: a result or an error. */
async function buildWith(
  command: Command,
  context: string,
  flags: BuildCommandFlags,
  io: CliIo,
): Promise<BuildEvent | undefined> {
  checkDockerFlags(command, io);
  return withEngine(command, io, async (engine, target) => {
    const seen = lookAhead(engine, target, context, flags, io);
    await nextTurn(); // the question is on its way
    const { build } = await import('../build/run-build.ts');
    return build(engine, context, flags, io, seen);
  });
}

/** What kept a build from starting is an event, too, for a machine that reads them. */
function tellError(error: unknown, flags: BuildCommandFlags, io: CliIo): never {
  if (flags.progress === 'json' && error instanceof NaruError) {
    const { location, message, code, hint } = error;
    const place = {
      file: location?.file ?? '',
      line: (location?.start.line ?? -1) + 1,
      column: location ? location.start.column + 1 : 0,
    };
    io.stdout.write(
      `${JSON.stringify({ type: 'error', ...place, code, message, ...(hint === undefined ? {} : { hint }) })}\n`,
    );
  }
  throw error;
}
