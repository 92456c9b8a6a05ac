/** `naru attach`: this terminal on a running container; its exit code is ours. */

import type { Command } from 'commander';

import { inspectContainer, resizeContainer, waitContainer } from '../../driver/engine/containers.ts';
import { attachContainer } from '../../driver/engine/streams.ts';
import { runAttached } from '../attached.ts';
import { withEngine } from '../connect.ts';
import { ExitWith } from '../exit.ts';
import type { CliIo } from '../io.ts';

export function addAttachCommand(program: Command, io: CliIo): void {
  program
    .command('attach')
    .description('attach this terminal to a running container')
    .argument('<container>')
    .option('--no-stdin', 'only look')
    .action((name: string, flags: { stdin: boolean }, command: Command) =>
      withEngine(command, io, async (engine) => {
        const { id, isTty, hasStdin: opensStdin } = await inspectContainer(engine, name);
        const hasStdin = flags.stdin && opensStdin;
        const exit = waitContainer(engine, id, 'not-running');
        exit.catch(() => undefined); // reported below
        const process = await attachContainer(engine, id, { hasStdin, isTty });
        await runAttached(io, process, {
          hasStdin,
          isTty,
          resize: (size) => resizeContainer(engine, id, size),
        });
        const code = await exit;
        if (code !== 0) throw new ExitWith(code);
      }),
    );
}
