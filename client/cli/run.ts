/**
 * One command line of `naru`. Every verb is a file in `commands/`; this file turns what they throw into one sentence and an exit code.
 * Exit codes: 0 done, 1 findings or a failed build, 2 unusable input; `run` and `exec` answer the container's own code, or 125 to 127 as docker's CLI does.
 */

import { Command, CommanderError } from 'commander';

import { formatLocation, NaruError } from '../../core/errors.ts';
import { NARU_VERSION } from '../../core/version.ts';
import { COMMANDS } from './commands/index.ts';
import { ExitWith } from './exit.ts';
import type { CliIo } from './io.ts';

/** Runs one command line (without `node` and the program's path); answers the exit code. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  const program = new Command('naru')
    .description('Lint and preview Dockerfiles, build images and run containers.')
    .version(NARU_VERSION, '-v, --version')
    .option(
      '-H, --host <target>',
      'engine to use: unix://PATH or ssh://user@host[:port] (default: $NARU_HOST, else the local engine)',
    )
    .enablePositionalOptions()
    .showHelpAfterError('run with --help for the options')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    });
  for (const addCommand of COMMANDS) addCommand(program, io);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    return exitCodeOf(error, io);
  }
}

/** Says what went wrong on stderr and answers the exit code. */
function exitCodeOf(error: unknown, io: CliIo): number {
  if (error instanceof ExitWith) return error.code;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof NaruError) {
    if (error.kind === 'cancelled' && io.signal.aborted) return 130; // Ctrl-C needs no words
    const where = error.location ? `${formatLocation(error.location)}: ` : '';
    io.stderr.write(`naru: ${where}${error.message}\n`);
    if (error.hint) io.stderr.write(`      ${error.hint}\n`);
    return error.kind === 'cancelled' ? 130 : error.kind === 'invalid-argument' ? 2 : 1;
  }
  io.stderr.write(`naru: unexpected failure: ${error instanceof Error ? error.message : String(error)}\n`);
  if (io.env['NARU_DEBUG'] && error instanceof Error) io.stderr.write(`${error.stack}\n`);
  return 1;
}
