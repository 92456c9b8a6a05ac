/** `naru logs`: what a container wrote, stdout to stdout and stderr to stderr. */

import type { Command } from 'commander';

import { NaruError } from '../../../core/errors.ts';
import { containerLogs } from '../../driver/engine/streams.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { writeOutput } from '../output.ts';
import { parseTime } from '../parse/time.ts';

interface LogsFlags {
  readonly follow?: boolean;
  readonly tail: string;
  readonly since?: string;
  readonly until?: string;
  readonly timestamps?: boolean;
  readonly details?: boolean;
}

export function addLogsCommand(program: Command, io: CliIo): void {
  const command = program
    .command('logs')
    .description('show what a container wrote')
    .argument('<container>')
    .option('-f, --follow', 'go on while it runs')
    .option('-n, --tail <lines>', 'only the last lines', 'all')
    .option('--since <time>', 'from then on: 10m, 1h30m, 2026-01-31T08:00:00Z or Unix seconds')
    .option('--until <time>', 'up to then')
    .option('-t, --timestamps', 'put the time before each line')
    .option('--details', 'with what the log driver adds')
    .action((name: string, flags: LogsFlags) => {
      const now = new Date();
      const options = {
        isFollowing: flags.follow === true,
        withTimes: flags.timestamps === true,
        withDetails: flags.details === true,
        signal: io.signal,
        ...tailOf(flags.tail),
        ...(flags.since === undefined ? {} : { since: parseTime('--since', flags.since, now) }),
        ...(flags.until === undefined ? {} : { until: parseTime('--until', flags.until, now) }),
      };
      return withEngine(command, io, (engine) => writeOutput(io, containerLogs(engine, name, options)));
    });
}

/** @throws NaruError "invalid-argument" */
function tailOf(text: string): { readonly tailLines?: number } {
  if (text === 'all' || text === '') return {};
  const lines = Number(text);
  // Docker: any negative number means all (docker 28.2.2).
  if (Number.isInteger(lines)) return lines < 0 ? {} : { tailLines: lines };
  throw new NaruError(
    'invalid-argument',
    'E_TAIL',
    `--tail: ${JSON.stringify(text)} is not a number of lines`,
    {
      hint: 'write a whole number, or all',
    },
  );
}
