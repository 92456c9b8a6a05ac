/** `naru attach`: this terminal on a running container; its exit code is ours. */

import type { Command } from 'commander';

import { NaruError } from '../../../core/errors.ts';
import { inspectContainer, waitContainer } from '../../driver/engine/containers.ts';
import { attachContainer } from '../../driver/engine/streams.ts';
import { runAttached } from '../attached.ts';
import { withEngine } from '../connect.ts';
import { ExitWith } from '../exit.ts';
import type { CliIo } from '../io.ts';
import { addAttachFlags } from '../parse/run-flags.ts';
import { passSignals } from '../pass-signals.ts';
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
        const exit = waitContainer(engine, id, 'not-running');
        exit.catch(() => undefined); // reported below
        const process = await attachContainer(engine, id, { hasStdin, isTty, ...keys });
        const stopPassing = sigProxy ? passSignals(engine, id, io) : () => undefined;
        try {
          const resize = redrawingResize(engine, id);
          if ((await runAttached(io, process, { hasStdin, isTty, resize, ...keys })) === 'detached') return;
          const code = await exit;
          if (code !== 0) throw new ExitWith(code);
        } finally {
          stopPassing();
        }
      }),
    );
}

function refuseUnlessRunning(name: string, state: string): void {
  if (state === 'running') return;
  const hint =
    state === 'paused'
      ? `let it go on first: naru unpause ${name}`
      : `start it with it: naru start -a ${name}`;
  throw new NaruError('conflict', 'E_NOT_RUNNING', `${name} is not running, it is ${state}`, { hint });
}
