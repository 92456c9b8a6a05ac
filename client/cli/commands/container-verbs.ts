/** Verbs over containers that take names and little else: stop, restart, kill, pause, unpause, wait, rename. */

import { type Command, Option } from 'commander';

import {
  killContainer,
  pauseContainer,
  renameContainer,
  restartContainer,
  stopContainer,
  unpauseContainer,
  waitContainer,
} from '../../driver/engine/containers.ts';
import { withEngine } from '../connect.ts';
import { forEachName } from '../each.ts';
import type { CliIo } from '../io.ts';
import { parseNumber } from '../parse/quantity.ts';

interface StopFlags {
  readonly timeout?: string;
  /** The older name of --timeout. */
  readonly time?: string;
  readonly signal?: string;
}

export function addStopCommand(program: Command, io: CliIo): void {
  addStopLike(program, io, 'stop', 'stop running containers', stopContainer);
}

export function addRestartCommand(program: Command, io: CliIo): void {
  addStopLike(program, io, 'restart', 'stop containers and start them again', restartContainer);
}

function addStopLike(
  program: Command,
  io: CliIo,
  verb: string,
  description: string,
  act: typeof stopContainer | typeof restartContainer,
): void {
  const command = program
    .command(verb)
    .description(description)
    .argument('<containers...>')
    .option('-t, --timeout <seconds>', 'wait this long before killing; -1: for ever')
    .addOption(new Option('--time <seconds>', 'as --timeout').hideHelp())
    .option('-s, --signal <signal>', 'signal to send first')
    .action((names: string[], flags: StopFlags) => {
      const timeout = flags.timeout ?? flags.time;
      const options = {
        ...(timeout === undefined ? {} : { timeoutSeconds: parseNumber('--timeout', timeout) }),
        ...(flags.signal === undefined ? {} : { signalName: flags.signal }),
      };
      return withEngine(command, io, (engine) =>
        forEachName(names, io, async (name) => void (await act(engine, name, options))),
      );
    });
}

export function addKillCommand(program: Command, io: CliIo): void {
  const command = program
    .command('kill')
    .description('send a signal to running containers')
    .argument('<containers...>')
    .option('-s, --signal <signal>', 'signal to send', 'KILL')
    .action((names: string[], flags: { signal: string }) =>
      withEngine(command, io, (engine) =>
        forEachName(names, io, (name) => killContainer(engine, name, flags.signal)),
      ),
    );
}

export function addPauseCommand(program: Command, io: CliIo): void {
  const command = program
    .command('pause')
    .description('freeze all processes of containers')
    .argument('<containers...>')
    .action((names: string[]) =>
      withEngine(command, io, (engine) => forEachName(names, io, (name) => pauseContainer(engine, name))),
    );
}

export function addUnpauseCommand(program: Command, io: CliIo): void {
  const command = program
    .command('unpause')
    .description('let paused containers go on')
    .argument('<containers...>')
    .action((names: string[]) =>
      withEngine(command, io, (engine) => forEachName(names, io, (name) => unpauseContainer(engine, name))),
    );
}

export function addWaitCommand(program: Command, io: CliIo): void {
  const command = program
    .command('wait')
    .description('wait until containers have stopped, and print their exit codes')
    .argument('<containers...>')
    .action((names: string[]) =>
      withEngine(command, io, (engine) =>
        forEachName(names, io, async (name) => `${await waitContainer(engine, name, 'not-running')}\n`),
      ),
    );
}

export function addRenameCommand(program: Command, io: CliIo): void {
  const command = program
    .command('rename')
    .description('give a container another name')
    .argument('<container>')
    .argument('<name>')
    .action((container: string, name: string) =>
      withEngine(command, io, (engine) => renameContainer(engine, container, name)),
    );
}
