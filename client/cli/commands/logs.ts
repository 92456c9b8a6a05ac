/** `naru logs`: what a container wrote, stdout to stdout and stderr to stderr. */

import type { Command } from 'commander';

import { containerLogs } from '../../driver/engine/streams.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { parseNumber } from '../parse/quantity.ts';
import { writeOutput } from '../output.ts';

interface LogsFlags {
  readonly follow?: boolean;
  readonly tail: string;
  readonly since?: string;
  readonly until?: string;
  readonly timestamps?: boolean;
}

export function addLogsCommand(program: Command, io: CliIo): void {
  program
    .command('logs')
    .description('show what a container wrote')
    .argument('<container>')
    .option('-f, --follow', 'go on while it runs')
    .option('-n, --tail <lines>', 'only the last lines', 'all')
    .option('--since <time>', 'from this time on (RFC 3339 or Unix seconds)')
    .option('--until <time>', 'up to this time')
    .option('-t, --timestamps', 'put the time before each line')
    .action((name: string, flags: LogsFlags, command: Command) =>
      withEngine(command, io, (engine) =>
        writeOutput(
          io,
          containerLogs(engine, name, {
            isFollowing: flags.follow === true,
            withTimes: flags.timestamps === true,
            signal: io.signal,
            ...(flags.tail === 'all' ? {} : { tailLines: parseNumber('--tail', flags.tail) }),
            ...(flags.since === undefined ? {} : { since: flags.since }),
            ...(flags.until === undefined ? {} : { until: flags.until }),
          }),
        ),
      ),
    );
}
