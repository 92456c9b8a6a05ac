/** `naru attach`: this terminal on a running container; its exit code is ours. */

import type { Command } from 'commander';

import { NaruError } from '../../../core/errors.ts';
import { beginWait, inspectContainer } from '../../driver/engine/containers.ts';
import { attachContainer } from '../../driver/engine/streams.ts';
import { withEngine } from '../connect.ts';
import { stayInForeground } from '../foreground.ts';
import type { CliIo } from '../io.ts';
import { addAttachFlags } from '../parse/run-flags.ts';
import { redrawingResize } from '../redraw.ts';

interface AttachFlags {
  readonly detachKeys?: string;
  readonly sigProxy: boolean;
  /** commander takes the `no-` of --no-stdin off. */
  readonly stdin: boolean;
}

export function addAttachCommand(program: Command, io: CliIo): void {
  const command = addAttachFlags(program.command('attach'))
    .description('attach this terminal to a running container')
    .argument('<container>')
    .option('--no-stdin', 'only look')
    .action((name: string, { detachKeys, sigProxy, stdin }: AttachFlags) =>
      withEngine(command, io, async (engine) => {
        const { id, isTty, hasStdin: opensStdin, state } = await inspectContainer(engine, name);
        refuseUnlessRunning(name, state);
        const keys = detachKeys === undefined ? {} : { detachKeys };
        const hasStdin = stdin && opensStdin;
        const { exit } = await beginWait(engine, id, 'not-running');
        const process = await attachContainer(engine, id, { hasStdin, isTty, ...keys });
        const options = { hasStdin, isTty, resize: redrawingResize(engine, id), ...keys };
        await stayInForeground({ engine, id, process, exit, sigProxy }, options, io);
      }),
    );
}

const HINTS: Readonly<Record<string, (name: string) => string>> = {
  paused: (name) => `let it go on first: naru unpause ${name}`,
  restarting: (name) => `wait until it runs again, or see why it ends: naru logs ${name}`,
};

function refuseUnlessRunning(name: string, state: string): void {
  if (state === 'running') return;
  const hint = HINTS[state]?.(name) ?? `start it with it: naru start -a ${name}`;
  throw new NaruError('conflict', 'E_NOT_RUNNING', `${name} is not running, it is ${state}`, { hint });
}
