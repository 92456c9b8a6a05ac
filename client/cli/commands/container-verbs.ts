/** Verbs over containers that take names and little else: start, stop, restart, kill, pause, unpause, wait, rename. */

import type { Command } from 'commander';

import {
  killContainer,
  pauseContainer,
  renameContainer,
  restartContainer,
  startContainer,
  stopContainer,
  unpauseContainer,
  waitContainer,
} from '../../driver/engine/containers.ts';
import { withEngine } from '../connect.ts';
import { forEachName } from '../each.ts';
import type { CliIo } from '../io.ts';
import { parseNumber } from '../parse/quantity.ts';

export function addContainerVerbs(program: Command, io: CliIo): void {
  addStart(program, io);
  addStopAndRestart(program, io);
  addKill(program, io);
  addPauses(program, io);
  addWait(program, io);
  addRename(program, io);
}

function addStart(program: Command, io: CliIo): void {
  program
    .command('start')
    .description('start stopped containers')
    .argument('<containers...>')
    .action((names: string[], _flags: object, command: Command) =>
      withEngine(command, io, (engine) => forEachName(names, io, (name) => startContainer(engine, name))),
    );
}

function addStopAndRestart(program: Command, io: CliIo): void {
  for (const [verb, act, text] of [
    ['stop', stopContainer, 'stop running containers'],
    ['restart', restartContainer, 'stop containers and start them again'],
  ] as const) {
    program
      .command(verb)
      .description(text)
      .argument('<containers...>')
      .option('-t, --time <seconds>', 'wait this long before killing')
      .option('-s, --signal <signal>', 'signal to send first')
      .action((names: string[], flags: { time?: string; signal?: string }, command: Command) => {
        const options = {
          ...(flags.time === undefined ? {} : { timeoutSeconds: parseNumber('--time', flags.time) }),
          ...(flags.signal === undefined ? {} : { signalName: flags.signal }),
        };
        return withEngine(command, io, (engine) =>
          forEachName(names, io, (name) => act(engine, name, options)),
        );
      });
  }
}

function addKill(program: Command, io: CliIo): void {
  program
    .command('kill')
    .description('send a signal to running containers')
    .argument('<containers...>')
    .option('-s, --signal <signal>', 'signal to send', 'KILL')
    .action((names: string[], flags: { signal: string }, command: Command) =>
      withEngine(command, io, (engine) =>
        forEachName(names, io, (name) => killContainer(engine, name, flags.signal)),
      ),
    );
}

function addPauses(program: Command, io: CliIo): void {
  for (const [verb, act, text] of [
    ['pause', pauseContainer, 'freeze all processes of containers'],
    ['unpause', unpauseContainer, 'let paused containers go on'],
  ] as const) {
    program
      .command(verb)
      .description(text)
      .argument('<containers...>')
      .action((names: string[], _flags: object, command: Command) =>
        withEngine(command, io, (engine) => forEachName(names, io, (name) => act(engine, name))),
      );
  }
}

function addWait(program: Command, io: CliIo): void {
  program
    .command('wait')
    .description('wait until containers have stopped, and print their exit codes')
    .argument('<containers...>')
    .action((names: string[], _flags: object, command: Command) =>
      withEngine(command, io, async (engine) => {
        for (const name of names) {
          io.stdout.write(`${await waitContainer(engine, name, 'not-running', io.signal)}\n`);
        }
      }),
    );
}

function addRename(program: Command, io: CliIo): void {
  program
    .command('rename')
    .description('give a container another name')
    .argument('<container>')
    .argument('<name>')
    .action((container: string, name: string, _flags: object, command: Command) =>
      withEngine(command, io, (engine) => renameContainer(engine, container, name)),
    );
}
