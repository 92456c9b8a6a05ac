/** The engine that a command talks to: `--host`, else `$NARU_HOST` unless it is empty, else the local engine, which is started when needed. */

import type { Command } from 'commander';

import { NaruError } from '../../core/errors.ts';
import { EngineConnection } from '../driver/engine/connection.ts';
import { openTarget } from '../driver/targets/open.ts';
import type { Target } from '../driver/targets/target.ts';
import type { CliIo } from './io.ts';
import { explainLoss } from './lost.ts';
import { terminalPrompts } from './prompts.ts';
import { StatusLine } from './status-line.ts';

/**
 * Connects, runs `use`, and lets go again, whatever happens.
 * What `use` asks of the engine is broken off when the user interrupts; `engine.boundTo(undefined)` is for what must be done even then.
 *
 * @throws NaruError "unavailable" E_ENGINE_LOST when the engine goes away meanwhile, with what to do next
 */
export async function withEngine<T>(
  command: Command,
  io: CliIo,
  use: (engine: EngineConnection, target: Target) => Promise<T>,
): Promise<T> {
  const host = namedHost(command, io);
  const status = new StatusLine(io);
  const target = await openTarget(host, {
    env: io.env,
    prompts: terminalPrompts(io, () => status.clear()),
    signal: io.signal,
    onProgress: (text) => status.update(text),
  }).finally(() => status.clear());
  try {
    const engine = await EngineConnection.open(target.connect, {
      isDistant: target.kind === 'ssh',
      signal: io.signal,
    });
    try {
      return await use(engine.boundTo(io.signal), target);
    } catch (error) {
      throw explainLoss(error, command.name(), target);
    } finally {
      engine.dispose();
    }
  } finally {
    await target.dispose();
  }
}

/** '' is the local engine. @throws NaruError "invalid-argument" E_HOST */
export function namedHost(command: Command, io: CliIo): string {
  const { host } = command.optsWithGlobals<{ host?: string }>();
  if (host === '') {
    // An empty variable of a script must not act on this machine instead.
    throw new NaruError('invalid-argument', 'E_HOST', '--host is empty', {
      hint: 'leave it out for the local engine',
    });
  }
  return host ?? io.env['NARU_HOST'] ?? '';
}
