/** `naru volume`: named folders that outlive containers. */

import type { Command } from 'commander';

import { createVolume, inspectVolume, listVolumes, removeVolume } from '../../driver/engine/volumes.ts';
import { withEngine } from '../connect.ts';
import { forEachName } from '../each.ts';
import type { CliIo } from '../io.ts';
import { formatTable } from '../table.ts';

export function addVolumeCommands(program: Command, io: CliIo): void {
  const volume = program.command('volume').description('list, create and remove volumes');
  volume
    .command('ls')
    .description('list volumes')
    .action((_flags: object, command: Command) =>
      withEngine(command, io, async (engine) => {
        const rows = (await listVolumes(engine)).map(({ driver, name, mountpoint }) => [
          driver,
          name,
          mountpoint,
        ]);
        io.stdout.write(formatTable(['DRIVER', 'VOLUME NAME', 'MOUNTPOINT'], rows));
      }),
    );
  volume
    .command('create')
    .description('make a volume')
    .argument('[name]', 'default: one is made up')
    .action((name: string | undefined, _flags: object, command: Command) =>
      withEngine(command, io, async (engine) => {
        io.stdout.write(`${(await createVolume(engine, name === undefined ? {} : { name })).name}\n`);
      }),
    );
  volume
    .command('rm')
    .description('remove volumes that no container uses')
    .argument('<names...>')
    .action((names: string[], _flags: object, command: Command) =>
      withEngine(command, io, (engine) =>
        forEachName(names, io, (name) => removeVolume(engine, name, false)),
      ),
    );
  volume
    .command('inspect')
    .description('show everything about volumes, as JSON')
    .argument('<names...>')
    .action((names: string[], _flags: object, command: Command) =>
      withEngine(command, io, async (engine) => {
        const found = await Promise.all(names.map((name) => inspectVolume(engine, name)));
        io.stdout.write(`${JSON.stringify(found, undefined, 2)}\n`);
      }),
    );
}
