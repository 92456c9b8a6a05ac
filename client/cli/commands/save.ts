/** `naru save`: images into one archive. */

import type { Command } from 'commander';

import { saveImages } from '../../driver/engine/images.ts';
import { refuseTerminal, writeArchive } from '../archive-output.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';

export function addSaveCommand(program: Command, io: CliIo): void {
  const command = program
    .command('save')
    .description('write images to one archive that docker and OCI tools read')
    .argument('<images...>')
    .option('-o, --output <file>', 'archive; default: stdout')
    .action(async (names: string[], { output }: { output?: string }) => {
      refuseTerminal(output, io);
      await withEngine(command, io, (engine) =>
        writeArchive(output, () => saveImages(engine, names, io.signal), 'saving', io),
      );
    });
}
