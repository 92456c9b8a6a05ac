/** `naru load`: images from an archive. */

import type { Command } from 'commander';

import { loadImages } from '../../driver/engine/images.ts';
import { openArchive } from '../archive-input.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';

export function addLoadCommand(program: Command, io: CliIo): void {
  const command = program
    .command('load')
    .description('load images from an archive (docker save or OCI layout)')
    .option('-i, --input <file>', 'archive', '-')
    .option('-q, --quiet', 'print nothing')
    .action(async ({ input, quiet }: { input: string; quiet?: boolean }) => {
      const { chunks, status } = await openArchive(input, 'loading', io);
      try {
        await withEngine(command, io, async (engine) => {
          for await (const { text } of loadImages(engine, chunks, io.signal)) {
            status.clear();
            if (!quiet) io.stdout.write(text);
          }
        });
      } finally {
        status.clear();
      }
    });
}
