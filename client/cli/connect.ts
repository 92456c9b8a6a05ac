/** The engine that a command talks to: `--host`, else `$NARU_HOST`, else the local engine, which is started when needed. */

import type { Command } from 'commander';

import { EngineConnection } from '../driver/engine/connection.ts';
import { openTarget } from '../driver/targets/open.ts';
import type { Target } from '../driver/targets/target.ts';
import type { CliIo } from './io.ts';
import { terminalPrompts } from './prompts.ts';

/** Connects, runs `use`, and lets go again, whatever happens. */
export async function withEngine<T>(
  command: Command,
  io: CliIo,
  use: (engine: EngineConnection, target: Target) => Promise<T>,
): Promise<T> {
  const { host } = command.optsWithGlobals<{ host?: string }>();
  const target = await openTarget(host ?? io.env['NARU_HOST'] ?? '', {
    env: io.env,
    prompts: terminalPrompts(io),
    signal: io.signal,
    onProgress: (text) => {
      if (io.stderr.isTTY) io.stderr.write(`\r\u001B[K${text}`);
    },
  });
  try {
    if (io.stderr.isTTY) io.stderr.write('\r\u001B[K');
    const engine = await EngineConnection.open(target.connect, io.signal);
    try {
      return await use(engine, target);
    } finally {
      engine.dispose();
    }
  } finally {
    await target.dispose();
  }
}
