/** `naru diff`: what a container changed in the files of its image. */

import type { Command } from 'commander';

import { containerChanges } from '../../driver/engine/containers.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';

export function addDiffCommand(program: Command, io: CliIo): void {
  const command = program
    .command('diff')
    .description('show which files of a container were added (A), changed (C) or deleted (D)')
    .argument('<container>')
    .action((name: string) =>
      withEngine(command, io, async (engine) => {
        for (const { kind, path } of await containerChanges(engine, name))
          io.stdout.write(`${kind} ${path}\n`);
      }),
    );
}
