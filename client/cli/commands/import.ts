/** `naru import`: an image of one layer from a tar of files. */

import type { Command } from 'commander';

import { familiarName, parseReference } from '../../../core/oci/reference.ts';
import { importImage } from '../../driver/engine/images.ts';
import { openArchive } from '../archive-input.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { collect } from '../parse/quantity.ts';

interface ImportFlags {
  readonly change: readonly string[];
  readonly message?: string;
  readonly platform?: string;
}

export function addImportCommand(program: Command, io: CliIo): void {
  const command = program
    .command('import')
    .description('make an image from a tar of files, such as naru export writes')
    .argument('<file>', 'archive; - is stdin')
    .argument('[name]', 'repository[:tag] of the image')
    .option('-c, --change <instruction>', 'a line for the image, such as \'CMD ["sh"]\'', collect, [])
    .option('-m, --message <text>', 'what its history says')
    .option('--platform <platform>', 'such as linux/arm64')
    .action(async (file: string, name: string | undefined, flags: ImportFlags) => {
      const reference = name === undefined ? undefined : parseReference(name);
      const { chunks, status } = await openArchive(file, 'importing', io);
      try {
        const id = await withEngine(command, io, (engine) =>
          importImage(engine, chunks, {
            changes: flags.change,
            signal: io.signal,
            ...(reference === undefined
              ? {}
              : { repository: familiarName(reference), tag: reference.tag ?? 'latest' }),
            ...(flags.message === undefined ? {} : { message: flags.message }),
            ...(flags.platform === undefined ? {} : { platform: flags.platform }),
          }),
        );
        status.clear();
        io.stdout.write(`${id}\n`);
      } finally {
        status.clear();
      }
    });
}
