/**
 * `naru run` and `naru create`: a container from an image, attached unless -d says otherwise.
 * Exit codes as docker's CLI: of `run` the container's own, 125 when the engine refused, 126 when the command can't be run, 127 when it is not there; of `create` 1 when the engine refused.
 */

import { type Command, Option } from 'commander';

import { NaruError } from '../../../core/errors.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import type { ContainerSpec } from '../../driver/engine/container-spec.ts';
import {
  beginWait,
  removeContainer,
  resizeContainer,
  startContainer,
} from '../../driver/engine/containers.ts';
import { attachContainer } from '../../driver/engine/streams.ts';
import type { Target } from '../../driver/targets/target.ts';
import { demandTerminal, type WindowSize } from '../attached.ts';
import { withEngine } from '../connect.ts';
import { createFrom } from '../create.ts';
import { ExitWith } from '../exit.ts';
import { stayInForeground } from '../foreground.ts';
import { withForwards } from '../forwards.ts';
import type { CliIo } from '../io.ts';
import { specOf } from '../parse/container-spec.ts';
import { collect } from '../parse/quantity.ts';
import { addAttachFlags, addRunFlags, type RunFlags } from '../parse/run-flags.ts';
import { tellError } from '../tell-error.ts';

export function addRunCommand(program: Command, io: CliIo): void {
  const command = addAttachFlags(addRunFlags(program.command('run')))
    .description('make a container from an image and start it')
    .option('-d, --detach', 'leave it running and print its id')
    .addOption(
      new Option('-a, --attach <stream>', 'only stdin, stdout or stderr')
        .argParser((value: string, before: readonly string[]) => collect(value.toLowerCase(), before))
        .default([], 'all'),
    )
    .argument('<image>')
    .argument('[command...]')
    .action(async (image: string, args: string[], flags: RunFlags) => {
      if (flags.detach === true && flags.attach.length > 0) {
        const message = 'conflicting options: cannot specify both --attach and --detach';
        throw new NaruError('invalid-argument', 'E_ATTACH_DETACH', message, {
          hint: 'leave one of them out',
        });
      }
      const [spec, streams] = await readingFlags(io, async () => {
        const read = await specOf(image, args, flags, io);
        return [read, streamsOf(flags, read)] as const;
      });
      if (flags.detach !== true)
        demandTerminal(io, { isTty: spec.isTty === true, hasStdin: streams.hasStdin });
      await asDocker(io, () =>
        withEngine(command, io, async (engine, target) => {
          const id = await createFrom(engine, spec, flags, io);
          if (flags.detach) await runDetached(engine, id, spec, io, target);
          else
            await withForwards(engine, target, id, io, () =>
              runInFront(engine, id, spec, { ...flags, ...streams }, io),
            );
        }),
      );
    });
}

export function addCreateCommand(program: Command, io: CliIo): void {
  const command = addRunFlags(program.command('create'))
    .description('make a container from an image without starting it')
    .argument('<image>')
    .argument('[command...]')
    .action(async (image: string, args: string[], flags: RunFlags) => {
      const spec = await readingFlags(io, () => specOf(image, args, flags, io));
      await withEngine(command, io, async (engine) => {
        io.stdout.write(`${await createFrom(engine, spec, flags, io)}\n`);
      });
    });
}

interface Streams {
  readonly hasStdin: boolean;
  readonly hasStdout: boolean;
  readonly hasStderr: boolean;
}

/** @throws NaruError "invalid-argument" for what is no stream */
function streamsOf({ attach }: RunFlags, spec: ContainerSpec): Streams {
  const wrong = attach.find((name) => !['stdin', 'stdout', 'stderr'].includes(name));
  if (wrong !== undefined) {
    throw new NaruError(
      'invalid-argument',
      'E_ATTACH',
      `--attach: ${JSON.stringify(wrong)} is not stdin, stdout or stderr`,
    );
  }
  const isAll = attach.length === 0;
  return {
    hasStdin: spec.hasStdin === true && (isAll || attach.includes('stdin')),
    hasStdout: isAll || attach.includes('stdout'),
    hasStderr: isAll || attach.includes('stderr'),
  };
}

async function runDetached(
  engine: EngineConnection,
  id: string,
  spec: ContainerSpec,
  io: CliIo,
  target: Target,
): Promise<void> {
  io.stdout.write(`${id}\n`); // Docker: also when it cannot be started, for there it is
  await start(engine, id, spec);
  if (target.openPort !== undefined && spec.ports?.some(({ hostPort }) => hostPort !== undefined)) {
    io.stderr.write(
      `its ports are published on ${target.label}; to reach them here, run: naru --host ${target.label} forward\n`,
    );
  }
}

/** Attaches before starting, so that no output is lost. */
async function runInFront(
  engine: EngineConnection,
  id: string,
  spec: ContainerSpec,
  options: Streams & Pick<RunFlags, 'detachKeys' | 'sigProxy'>,
  io: CliIo,
): Promise<void> {
  const isTty = spec.isTty === true;
  const { hasStdin, detachKeys } = options;
  const keys = detachKeys === undefined ? {} : { detachKeys };
  const [process, { exit }] = await Promise.all([
    attachContainer(engine, id, { ...options, isTty, ...keys }),
    beginWait(engine, id, spec.isRemovedOnExit ? 'removed' : 'next-exit'),
  ]).catch((error: unknown) => giveUp(engine, id, spec, error));
  await start(engine, id, spec);
  const resize = (size: WindowSize): Promise<void> => resizeContainer(engine, id, size);
  const { sigProxy } = options;
  await stayInForeground({ engine, id, process, exit, sigProxy }, { hasStdin, isTty, resize, ...keys }, io);
}

async function start(engine: EngineConnection, id: string, spec: ContainerSpec): Promise<void> {
  await startContainer(engine, id).catch((error: unknown) => giveUp(engine, id, spec, error));
}

/** Docker: a container that could not be started stays and can be looked at, unless --rm. */
async function giveUp(
  engine: EngineConnection,
  id: string,
  { isRemovedOnExit }: ContainerSpec,
  error: unknown,
): Promise<never> {
  if (isRemovedOnExit === true)
    await removeContainer(engine.boundTo(undefined), id, { isForced: true }).catch(() => undefined); // the first error is the one to tell
  throw error;
}

/** Whatever is wrong with a flag of these two is a 125. @throws ExitWith with the sentence on stderr */
async function readingFlags<T>(io: CliIo, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof NaruError)) throw error;
    tellError(error, io);
    throw new ExitWith(125);
  }
}

/** Errors become 125, 126 and 127 with the sentence on stderr. */
async function asDocker(io: CliIo, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof NaruError) || error.kind === 'cancelled' || io.signal.aborted) throw error;
    tellError(error, io);
    throw new ExitWith(exitCodeOf(error.message));
  }
}

function exitCodeOf(message: string): number {
  // What docker's CLI looks for (28.2.2); a missing bind mount ends with other words.
  if (/executable file not found|no such file or directory|: not found/i.test(message)) return 127;
  if (/permission denied|is a directory|exec format error/i.test(message)) return 126;
  return 125;
}
