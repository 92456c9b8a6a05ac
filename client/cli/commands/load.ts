/** `naru load`: images from an archive. */

import type { Command } from 'commander';

import { NaruError } from '../../../core/errors.ts';
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
      const { isEmpty, chunks, status } = await openArchive(input, 'loading', io);
      if (isEmpty) throw emptyInput(input);
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

function emptyInput(input: string): NaruError {
  const isStdin = input === '-';
  const message = isStdin ? 'nothing came on stdin' : `${input} is empty`;
  const hint = isStdin
    ? 'redirect an archive into it, or name one with -i'
    : 'docker save writes archives of images';
  return new NaruError('invalid-argument', 'E_ARCHIVE', message, { hint });
}
