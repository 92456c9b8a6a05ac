/** `naru export`: the files of a container as one tar. */

import type { Command } from 'commander';

import { exportContainer } from '../../driver/engine/containers.ts';
import { refuseTerminal, writeArchive } from '../archive-output.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';

export function addExportCommand(program: Command, io: CliIo): void {
  const command = program
    .command('export')
    .description('write the files of a container to a tar archive')
    .argument('<container>')
    .option('-o, --output <file>', 'archive; default: stdout')
    .action(async (name: string, { output }: { output?: string }) => {
      refuseTerminal(output, io);
      await withEngine(command, io, (engine) =>
        writeArchive(output, () => exportContainer(engine, name), 'exporting', io),
      );
    });
}
