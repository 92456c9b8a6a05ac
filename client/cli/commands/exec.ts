/** `naru exec`: one more process in a running container; its exit code is ours. */

import type { Command } from 'commander';

import { type ExecSpec, startDetachedExec, startExec } from '../../driver/engine/exec.ts';
import { demandTerminal, runAttached, windowSize } from '../attached.ts';
import { withEngine } from '../connect.ts';
import { ExitWith } from '../exit.ts';
import type { CliIo } from '../io.ts';
import { readNameFiles } from '../parse/name-file.ts';
import { collect, parseAssignments } from '../parse/quantity.ts';

interface ExecFlags {
  readonly detach?: boolean;
  readonly detachKeys?: string;
  readonly interactive?: boolean;
  readonly tty?: boolean;
  readonly env: readonly string[];
  readonly envFile: readonly string[];
  readonly user?: string;
  readonly workdir?: string;
  readonly privileged?: boolean;
}

export function addExecCommand(program: Command, io: CliIo): void {
  const command = program
    .command('exec')
    .description('run a command in a running container')
    .passThroughOptions()
    .argument('<container>')
    .argument('<command>')
    .argument('[args...]')
    .option('-d, --detach', 'leave it running and print nothing')
    .option('--detach-keys <keys>', 'keys that leave it running, such as ctrl-p,ctrl-q')
    .option('-i, --interactive', 'send our input')
    .option('-t, --tty', 'give it a terminal')
    .option('-e, --env <name=value>', 'set a variable; NAME alone takes ours', collect, [])
    .option('--env-file <file>', 'set the variables of a file, one NAME=value a line', collect, [])
    .option('-u, --user <user>', 'user or uid, with :group')
    .option('-w, --workdir <dir>', 'directory inside the container')
    .option('--privileged', 'with all capabilities')
    .action(async (container: string, name: string, args: string[], flags: ExecFlags) => {
      const env = [...(await readNameFiles('--env-file', flags.envFile, io)), ...flags.env];
      const spec: ExecSpec = {
        command: [name, ...args],
        isTty: flags.tty === true,
        hasStdin: flags.interactive === true,
        env: [...parseAssignments(env, io.env)].map(([variable, value]) => `${variable}=${value}`),
        ...(flags.user === undefined ? {} : { user: flags.user }),
        ...(flags.workdir === undefined ? {} : { workingDirectory: flags.workdir }),
        ...(flags.detachKeys === undefined ? {} : { detachKeys: flags.detachKeys }),
        ...(flags.tty === true ? { size: windowSize(io) } : {}),
        isPrivileged: flags.privileged === true,
      };
      if (flags.detach !== true) demandTerminal(io, spec);
      await withEngine(command, io, async (engine) => {
        if (flags.detach) return startDetachedExec(engine, container, spec);
        const session = await startExec(engine, container, spec);
        const end = await runAttached(io, session, { ...spec, resize: (size) => session.resize(size) });
        const code = end === 'detached' ? undefined : await session.exitCode();
        if (code !== undefined && code !== 0) throw new ExitWith(code);
      });
    });
}
