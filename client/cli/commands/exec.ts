/** `naru exec`: one more process in a running container; its exit code is ours. */

import type { Command } from 'commander';

import { startExec } from '../../driver/engine/exec.ts';
import { runAttached, windowSize } from '../attached.ts';
import { withEngine } from '../connect.ts';
import { ExitWith } from '../exit.ts';
import type { CliIo } from '../io.ts';
import { collect } from '../parse/quantity.ts';

interface ExecFlags {
  readonly interactive?: boolean;
  readonly tty?: boolean;
  readonly env: readonly string[];
  readonly user?: string;
  readonly workdir?: string;
  readonly privileged?: boolean;
}

export function addExecCommand(program: Command, io: CliIo): void {
  program
    .command('exec')
    .description('run a command in a running container')
    .passThroughOptions()
    .argument('<container>')
    .argument('<command>')
    .argument('[args...]')
    .option('-i, --interactive', 'send our input')
    .option('-t, --tty', 'give it a terminal')
    .option('-e, --env <name=value>', 'set a variable', collect, [])
    .option('-u, --user <user>', 'user or uid, with :group')
    .option('-w, --workdir <dir>', 'directory inside the container')
    .option('--privileged', 'with all capabilities')
    .action((container: string, name: string, args: string[], flags: ExecFlags, command: Command) =>
      withEngine(command, io, async (engine) => {
        const isTty = flags.tty === true;
        const hasStdin = flags.interactive === true;
        const session = await startExec(engine, container, {
          command: [name, ...args],
          isTty,
          hasStdin,
          env: flags.env,
          ...(flags.user === undefined ? {} : { user: flags.user }),
          ...(flags.workdir === undefined ? {} : { workingDirectory: flags.workdir }),
          isPrivileged: flags.privileged === true,
          ...(isTty ? { size: windowSize(io) } : {}),
        });
        await runAttached(io, session, { hasStdin, isTty, resize: (size) => session.resize(size) });
        const code = await session.exitCode();
        if (code !== undefined && code !== 0) throw new ExitWith(code);
      }),
    );
}
