/** Small verbs over images: rmi and tag. */

import type { Command } from 'commander';

import { isErrorKind } from '../../../core/errors.ts';
import { familiarName, parseReference } from '../../../core/oci/reference.ts';
import { removeImage, tagImage } from '../../driver/engine/images.ts';
import { withEngine } from '../connect.ts';
import { forEachInTurn } from '../each.ts';
import type { CliIo } from '../io.ts';
import { tellError } from '../tell-error.ts';

export function addRmiCommand(program: Command, io: CliIo): void {
  const command = program
    .command('rmi')
    .description('remove images')
    .argument('<images...>')
    .option('-f, --force', 'although tags or stopped containers refer to them')
    .option('--no-prune', 'keep untagged images it was made from')
    .action((names: string[], flags: { force?: boolean; prune: boolean }) =>
      withEngine(command, io, (engine) =>
        forEachInTurn(names, io, async (name) => {
          const options = { isForced: flags.force === true, keepsParents: !flags.prune };
          const removed = await removeImage(engine, name, options).catch((error: unknown) => {
            // Docker: with --force it is enough that it is not there.
            if (!options.isForced || !isErrorKind(error, 'not-found')) throw error;
            tellError(error, io);
            return [];
          });
          for (const { kind, name: what } of removed) {
            io.stdout.write(`${kind === 'untagged' ? 'Untagged' : 'Deleted'}: ${what}\n`);
          }
        }),
      ),
    );
}

export function addTagCommand(program: Command, io: CliIo): void {
  const command = program
    .command('tag')
    .description('give an image one more name')
    .argument('<image>')
    .argument('<name>', 'repository[:tag]')
    .action((image: string, name: string) =>
      withEngine(command, io, (engine) => {
        const reference = parseReference(name);
        return tagImage(engine, image, familiarName(reference), reference.tag ?? 'latest');
      }),
    );
}
