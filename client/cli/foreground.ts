/** A container in the foreground: this terminal is attached to it, signals are passed on, and its exit code becomes ours. */

import type { EngineConnection } from '../driver/engine/connection.ts';
import type { AttachedProcess } from '../driver/engine/streams.ts';
import { type AttachmentOptions, runAttached } from './attached.ts';
import { ExitWith } from './exit.ts';
import type { CliIo } from './io.ts';
import { passSignals } from './pass-signals.ts';

export interface Foreground {
  readonly engine: EngineConnection;
  readonly id: string;
  readonly process: AttachedProcess;
  /** Asked for before the container was started. */
  readonly exit: Promise<number>;
  /** Ctrl-C and other signals go to the container. */
  readonly sigProxy: boolean;
}

/** Until the output ends or the user detaches. @throws ExitWith the container's code when it is not 0; as `runAttached` */
export async function stayInForeground(
  { engine, exit, id, process, sigProxy }: Foreground,
  options: AttachmentOptions,
  io: CliIo,
): Promise<void> {
  const stopPassing = sigProxy ? passSignals(engine, id, io) : () => undefined;
  try {
    if ((await runAttached(io, process, options)) === 'detached') return;
    const code = await exit;
    if (code !== 0) throw new ExitWith(code);
  } finally {
    stopPassing();
  }
}
