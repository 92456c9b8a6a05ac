/** `naru network`: networks of containers that find each other by name. */

import type { Command } from 'commander';

import {
  connectNetwork,
  createNetwork,
  disconnectNetwork,
  listNetworks,
  removeNetwork,
} from '../../driver/engine/networks.ts';
import { withEngine } from '../connect.ts';
import { forEachName } from '../each.ts';
import type { CliIo } from '../io.ts';
import { formatTable } from '../table.ts';

export function addNetworkCommands(program: Command, io: CliIo): void {
  const network = program.command('network').description('list, create, join and remove networks');
  network
    .command('ls')
    .description('list networks')
    .action((_flags: object, command: Command) =>
      withEngine(command, io, async (engine) => {
        const rows = (await listNetworks(engine)).map(({ id, name, driver, subnets }) => [
          id.slice(0, 12),
          name,
          driver,
          subnets.join(', '),
        ]);
        io.stdout.write(formatTable(['NETWORK ID', 'NAME', 'DRIVER', 'SUBNETS'], rows));
      }),
    );
  network
    .command('create')
    .description('make a bridge network')
    .argument('<name>')
    .option('--internal', 'without a way out')
    .action((name: string, flags: { internal?: boolean }, command: Command) =>
      withEngine(command, io, async (engine) => {
        io.stdout.write(`${await createNetwork(engine, { name, isInternal: flags.internal === true })}\n`);
      }),
    );
  network
    .command('rm')
    .description('remove networks without containers')
    .argument('<names...>')
    .action((names: string[], _flags: object, command: Command) =>
      withEngine(command, io, (engine) => forEachName(names, io, (name) => removeNetwork(engine, name))),
    );
  for (const [verb, act] of [
    ['connect', connectNetwork],
    ['disconnect', disconnectNetwork],
  ] as const) {
    network
      .command(verb)
      .description(`${verb} a container ${verb === 'connect' ? 'to' : 'from'} a network`)
      .argument('<network>')
      .argument('<container>')
      .action((name: string, container: string, _flags: object, command: Command) =>
        withEngine(command, io, (engine) => act(engine, name, container)),
      );
  }
}
