/** `naru pull` and `naru push`: images from and to registries. */

import type { Command } from 'commander';

import { familiarName, parseReference } from '../../../core/oci/reference.ts';
import { pullImage, pushImage } from '../../driver/engine/images.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { printTransfer } from '../transfer.ts';

interface TransferFlags {
  readonly platform?: string;
  readonly quiet?: boolean;
}

export function addPullCommand(program: Command, io: CliIo): void {
  const command = program
    .command('pull')
    .description('fetch an image from its registry (registries are not supported yet: see load)')
    .argument('<image>')
    .option('--platform <platform>', 'such as linux/arm64')
    .option('-q, --quiet', 'only the name at the end')
    .action((image: string, { platform, quiet }: TransferFlags) =>
      withEngine(command, io, async (engine) => {
        const options = { signal: io.signal, ...(platform === undefined ? {} : { platform }) };
        await printTransfer(pullImage(engine, image, options), quiet === true ? undefined : io.stdout);
        if (quiet === true) io.stdout.write(`${image}\n`);
      }),
    );
}

export function addPushCommand(program: Command, io: CliIo): void {
  const command = program
    .command('push')
    .description('send an image to its registry (registries are not supported yet: see save)')
    .argument('<image>')
    .option('-q, --quiet', 'only the name at the end')
    .action((image: string, { quiet }: TransferFlags) =>
      withEngine(command, io, async (engine) => {
        const reference = parseReference(image);
        const messages = pushImage(engine, familiarName(reference), reference.tag ?? 'latest', {
          signal: io.signal,
        });
        await printTransfer(messages, quiet === true ? undefined : io.stdout);
        if (quiet === true) io.stdout.write(`${image}\n`);
      }),
    );
}
