/** `naru pull` and `naru push`: images from and to registries, with progress. */

import type { Command } from 'commander';

import { familiarName, parseReference } from '../../../core/oci/reference.ts';
import { pullImage, pushImage } from '../../driver/engine/images.ts';
import type { ProgressMessage } from '../../driver/engine/progress.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';

export function addTransferCommands(program: Command, io: CliIo): void {
  program
    .command('pull')
    .description('fetch an image from its registry (registries are not supported yet: see load)')
    .argument('<image>')
    .option('--platform <platform>', 'such as linux/arm64')
    .action((image: string, flags: { platform?: string }, command: Command) =>
      withEngine(command, io, (engine) =>
        print(
          io,
          pullImage(engine, image, {
            signal: io.signal,
            ...(flags.platform ? { platform: flags.platform } : {}),
          }),
        ),
      ),
    );
  program
    .command('push')
    .description('send an image to its registry (registries are not supported yet: see save)')
    .argument('<image>')
    .action((image: string, _flags: object, command: Command) =>
      withEngine(command, io, (engine) => {
        const reference = parseReference(image);
        return print(
          io,
          pushImage(engine, familiarName(reference), reference.tag ?? 'latest', { signal: io.signal }),
        );
      }),
    );
}

/** Lines whose status changed; byte counts only for people. */
async function print(io: CliIo, messages: AsyncIterable<ProgressMessage>): Promise<void> {
  const last = new Map<string, string>();
  for await (const { id, status } of messages) {
    if (status === '' || last.get(id) === status) continue;
    last.set(id, status);
    io.stdout.write(`${id === '' ? '' : `${id}: `}${status}\n`);
  }
}
