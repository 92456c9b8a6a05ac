/** `naru commit`: an image from what a container changed. */

import type { Command } from 'commander';

import { familiarName, parseReference } from '../../../core/oci/reference.ts';
import { commitContainer } from '../../driver/engine/images.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { collect } from '../parse/quantity.ts';

interface CommitFlags {
  readonly author?: string;
  readonly change: readonly string[];
  readonly message?: string;
  readonly pause: boolean;
}

export function addCommitCommand(program: Command, io: CliIo): void {
  const command = program
    .command('commit')
    .description('make an image from what a container changed')
    .argument('<container>')
    .argument('[name]', 'repository[:tag] of the image')
    .option('-a, --author <name>', 'who made it')
    .option('-c, --change <instruction>', 'a line for the image, such as \'CMD ["sh"]\'', collect, [])
    .option('-m, --message <text>', 'what its history says')
    .option('-p, --pause', 'stand still meanwhile', true)
    .option('--no-pause', 'let it go on meanwhile')
    .action((container: string, name: string | undefined, flags: CommitFlags) => {
      const reference = name === undefined ? undefined : parseReference(name);
      return withEngine(command, io, async (engine) => {
        const id = await commitContainer(engine, container, {
          changes: flags.change,
          isPaused: flags.pause,
          ...(reference === undefined
            ? {}
            : { repository: familiarName(reference), tag: reference.tag ?? 'latest' }),
          ...(flags.message === undefined ? {} : { message: flags.message }),
          ...(flags.author === undefined ? {} : { author: flags.author }),
        });
        io.stdout.write(`${id}\n`);
      });
    });
}
