/**
 * `naru run` and `naru create`: a container from an image, attached unless -d says otherwise.
 * Exit codes as docker's CLI: the container's own, 125 when the engine refused, 126 when the command can't be run, 127 when it is not there.
 */

import type { Command } from 'commander';

import { NaruError } from '../../../core/errors.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import type { ContainerSpec } from '../../driver/engine/container-spec.ts';
import {
  createContainer,
  killContainer,
  removeContainer,
  resizeContainer,
  startContainer,
  waitContainer,
} from '../../driver/engine/containers.ts';
import { attachContainer } from '../../driver/engine/streams.ts';
import { runAttached } from '../attached.ts';
import type { Target } from '../../driver/targets/target.ts';
import { withEngine } from '../connect.ts';
import { ExitWith } from '../exit.ts';
import { withForwards } from '../forwards.ts';
import type { CliIo } from '../io.ts';
import { addRunFlags, type RunFlags, specOf } from '../parse/run-flags.ts';

export function addRunCommands(program: Command, io: CliIo): void {
  const run = program.command('run').description('make a container from an image and start it');
  addRunFlags(run)
    .option('-d, --detach', 'leave it running and print its id')
    .argument('<image>')
    .argument('[command...]')
    .action((image: string, args: string[], flags: RunFlags, command: Command) => {
      const spec = specOf(image, args, flags, io.env);
      return withEngine(command, io, (engine, target) =>
        asDocker(io, () =>
          flags.detach
            ? runDetached(engine, spec, io, target)
            : withForwards(engine, target, io, () => runInFront(engine, spec, io)),
        ),
      );
    });
  const create = program.command('create').description('make a container from an image without starting it');
  addRunFlags(create)
    .argument('<image>')
    .argument('[command...]')
    .action((image: string, args: string[], flags: RunFlags, command: Command) => {
      const spec = specOf(image, args, flags, io.env);
      return withEngine(command, io, (engine) =>
        asDocker(
          io,
          async () => void io.stdout.write(`${(await createWithWarnings(engine, spec, io)).id}\n`),
        ),
      );
    });
}

async function createWithWarnings(
  engine: EngineConnection,
  spec: ContainerSpec,
  io: CliIo,
): Promise<{ readonly id: string }> {
  const created = await createContainer(engine, spec);
  for (const warning of created.warnings) io.stderr.write(`naru: warning: ${warning}\n`);
  return created;
}

async function runDetached(
  engine: EngineConnection,
  spec: ContainerSpec,
  io: CliIo,
  target: Target,
): Promise<void> {
  const { id } = await createWithWarnings(engine, spec, io);
  await startOrRemove(engine, id);
  io.stdout.write(`${id}\n`);
  if (target.openPort !== undefined && (spec.ports ?? []).length > 0) {
    io.stderr.write(
      `its ports are published on ${target.label}; to reach them here, run: naru --host ${target.label} forward\n`,
    );
  }
}

/** Attaches before starting, so that no output is lost. */
async function runInFront(engine: EngineConnection, spec: ContainerSpec, io: CliIo): Promise<void> {
  const { id } = await createWithWarnings(engine, spec, io);
  const isTty = spec.isTty === true;
  const hasStdin = spec.hasStdin === true;
  const process = await attachContainer(engine, id, { hasStdin, isTty });
  const exit = waitContainer(engine, id, spec.isRemovedOnExit ? 'removed' : 'next-exit');
  exit.catch(() => undefined); // reported below, or not at all when the start fails
  await startOrRemove(engine, id);
  const stopListening = forwardInterrupt(engine, id, io, isTty);
  try {
    await runAttached(io, process, { hasStdin, isTty, resize: (size) => resizeContainer(engine, id, size) });
    const code = await exit;
    if (code !== 0) throw new ExitWith(code);
  } finally {
    stopListening();
  }
}

/** A container that could not be started is of no use to anybody. */
async function startOrRemove(engine: EngineConnection, id: string): Promise<void> {
  try {
    await startContainer(engine, id);
  } catch (error) {
    await removeContainer(engine, id, { isForced: true }).catch(() => undefined); // the first error is the one to tell
    throw error;
  }
}

/** Without a terminal our Ctrl-C stops the container; with one the byte goes to it anyway. */
function forwardInterrupt(engine: EngineConnection, id: string, io: CliIo, isTty: boolean): () => void {
  const onAbort = (): void => void interrupt(engine, id);
  if (!isTty) io.signal.addEventListener('abort', onAbort, { once: true });
  return () => io.signal.removeEventListener('abort', onAbort);
}

async function interrupt(engine: EngineConnection, id: string): Promise<void> {
  await killContainer(engine, id, 'INT').catch(() => undefined); // it may have ended by itself
}

/** Engine errors become 125, 126 and 127 with the sentence on stderr. */
async function asDocker(io: CliIo, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof NaruError) || error.kind === 'cancelled') throw error;
    io.stderr.write(`naru: ${error.message}\n${error.hint ? `      ${error.hint}\n` : ''}`);
    throw new ExitWith(exitCodeOf(error.message));
  }
}

function exitCodeOf(message: string): number {
  if (/executable file not found|no such file or directory: unknown|: not found/i.test(message)) return 127;
  if (/permission denied|is a directory|exec format error/i.test(message)) return 126;
  return 125;
}
