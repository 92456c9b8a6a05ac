/** `naru top`: the processes of a container. */

import type { Command } from 'commander';

import { topContainer } from '../../driver/engine/containers.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { alignColumns } from '../table.ts';

export function addTopCommand(program: Command, io: CliIo): void {
  const command = program
    .command('top')
    .description('show the processes of a container')
    .passThroughOptions()
    .argument('<container>')
    .argument('[options...]', 'of ps, such as -o pid,args')
    .action((name: string, options: string[]) =>
      withEngine(command, io, async (engine) => {
        const { titles, rows } = await topContainer(engine, name, options.join(' '));
        io.stdout.write(alignColumns([titles, ...rows], MIN_WIDTH));
      }),
    );
}

/** Docker: its columns here are at least 20 wide (docker 28.2.2). */
const MIN_WIDTH = 20;
