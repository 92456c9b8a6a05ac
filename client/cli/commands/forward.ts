/** `naru forward`: published ports of a distant engine on this loopback, until Ctrl-C. */

import type { Command } from 'commander';

import { makePortForwarder } from '../../driver/ports/forwarder.ts';
import { followPublished } from '../../driver/ports/published.ts';
import { withEngine } from '../connect.ts';
import { mappingPrinter } from '../forwards.ts';
import type { CliIo } from '../io.ts';

export function addForwardCommand(program: Command, io: CliIo): void {
  program
    .command('forward')
    .description('bring published ports of an SSH host to 127.0.0.1, until Ctrl-C')
    .action((_flags: object, command: Command) =>
      withEngine(command, io, async (engine, target) => {
        if (target.openPort === undefined) {
          io.stderr.write(
            `the ports of ${target.kind === 'local' ? 'the ' : ''}${target.label} are on this machine already\n`,
          );
          return;
        }
        io.stderr.write(`waiting for published ports of ${target.label}; end with Ctrl-C\n`);
        const forwarder = makePortForwarder(target.openPort);
        try {
          await followPublished(engine, forwarder, {
            signal: io.signal,
            onUpdate: mappingPrinter(target, io),
          });
        } finally {
          await forwarder.close();
        }
      }),
    );
}
