/** `naru start`: stopped containers run again; with -a or -i one of them in the foreground. */

import type { Command } from 'commander';

import { NaruError } from '../../../core/errors.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import {
  beginWait,
  inspectContainer,
  resizeContainer,
  startContainer,
} from '../../driver/engine/containers.ts';
import { attachContainer } from '../../driver/engine/streams.ts';
import { demandTerminal, type WindowSize } from '../attached.ts';
import { withEngine } from '../connect.ts';
import { forEachName } from '../each.ts';
import { stayInForeground } from '../foreground.ts';
import type { CliIo } from '../io.ts';
import { addAttachFlags } from '../parse/run-flags.ts';

interface StartFlags {
  readonly attach?: boolean;
  readonly interactive?: boolean;
  readonly detachKeys?: string;
  readonly sigProxy: boolean;
}

export function addStartCommand(program: Command, io: CliIo): void {
  const command = addAttachFlags(program.command('start'))
    .description('start stopped containers')
    .argument('<containers...>')
    .option('-a, --attach', 'show its output, and end with its exit code')
    .option('-i, --interactive', 'send our input')
    .action((names: string[], flags: StartFlags) => {
      const isAttached = flags.attach === true || flags.interactive === true;
      const [name = '', ...others] = names;
      if (isAttached && others.length > 0) {
        throw new NaruError('invalid-argument', 'E_START', 'only one container can be attached to', {
          hint: 'start the others without -a and -i',
        });
      }
      return withEngine(command, io, (engine) =>
        isAttached
          ? startInFront(engine, name, flags, io)
          : forEachName(names, io, (one) => startContainer(engine, one)),
      );
    });
}

async function startInFront(
  engine: EngineConnection,
  name: string,
  flags: StartFlags,
  io: CliIo,
): Promise<void> {
  const { id, isTty, hasStdin: opensStdin, state } = await inspectContainer(engine, name);
  const hasStdin = flags.interactive === true && opensStdin;
  demandTerminal(io, { isTty, hasStdin });
  const keys = flags.detachKeys === undefined ? {} : { detachKeys: flags.detachKeys };
  const [process, { exit }] = await Promise.all([
    attachContainer(engine, id, { hasStdin, isTty, ...keys }),
    beginWait(engine, id, state === 'running' ? 'not-running' : 'next-exit'),
  ]);
  await startContainer(engine, id);
  const resize = (size: WindowSize): Promise<void> => resizeContainer(engine, id, size);
  const { sigProxy } = flags;
  await stayInForeground({ engine, id, process, exit, sigProxy }, { hasStdin, isTty, resize, ...keys }, io);
}
