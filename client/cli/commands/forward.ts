/** `naru forward`: published ports of a distant engine on this loopback, until Ctrl-C. A connection that breaks is made again. */

import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

import type { Command } from 'commander';

import { isErrorKind, NaruError } from '../../../core/errors.ts';
import { makePortForwarder } from '../../driver/ports/forwarder.ts';
import { followPublished } from '../../driver/ports/published.ts';
import { namedHost, withEngine } from '../connect.ts';
import { portTeller } from '../forwards.ts';
import type { CliIo } from '../io.ts';

/** Between two attempts to connect again: at first, and at most. */
const PAUSE_MS = 500;
const MAX_PAUSE_MS = 15_000;

export function addForwardCommand(program: Command, io: CliIo): void {
  program
    .command('forward')
    .description('bring published ports of an SSH host to 127.0.0.1, until Ctrl-C')
    .action((_flags: object, command: Command) => forward(command, io));
}

/** The listeners stay while the connection is down, so that a port keeps its number here. */
async function forward(command: Command, io: CliIo): Promise<void> {
  // Nothing has to be started to know that.
  if (['', 'local'].includes(namedHost(command, io))) return tellNothingToBring('the local engine', io);
  let openPort: (port: number) => Promise<Duplex> = () => Promise.reject(new Error('not connected'));
  let tell: ReturnType<typeof portTeller> | undefined;
  let pauseMs = PAUSE_MS;
  const forwarder = makePortForwarder((port) => openPort(port));
  const follow = (): Promise<void> =>
    withEngine(command, io, async (engine, target) => {
      if (target.openPort === undefined) {
        tellNothingToBring(target.label, io);
        return;
      }
      io.stderr.write(
        tell === undefined
          ? `waiting for published ports of ${target.label}; end with Ctrl-C\n`
          : `connected to ${target.label} again\n`,
      );
      tell ??= portTeller(target, io);
      openPort = target.openPort;
      pauseMs = PAUSE_MS;
      await followPublished(engine, forwarder, { signal: io.signal, onUpdate: tell });
    });
  try {
    for (;;) {
      try {
        await follow();
        return;
      } catch (error) {
        if (tell === undefined || io.signal.aborted || !isErrorKind(error, 'unavailable')) throw error;
        io.stderr.write(`${error.message}; connecting again in ${pauseMs / 1000} s, until Ctrl-C\n`);
      }
      await pause(pauseMs, io);
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
    }
  } finally {
    await forwarder.close();
  }
}

function tellNothingToBring(place: string, io: CliIo): void {
  io.stderr.write(`the ports of ${place} are on this machine already; name a host with --host\n`);
}

/** @throws NaruError "cancelled" */
async function pause(ms: number, { signal }: CliIo): Promise<void> {
  await delay(ms, undefined, { signal }).catch((cause: unknown) => {
    throw new NaruError('cancelled', 'E_CANCELLED', 'forwarding was ended', { cause });
  });
}
