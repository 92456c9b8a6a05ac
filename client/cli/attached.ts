/** A process attached to this terminal: input, output, window size, raw mode; everything restored at the end. */

import type { AttachedProcess } from '../driver/engine/streams.ts';
import type { CliIo } from './io.ts';
import { writeOutput } from './output.ts';

export interface AttachmentOptions {
  readonly hasStdin: boolean;
  readonly isTty: boolean;
  /** Called with the window's size at once and whenever it changes; only with a terminal. */
  readonly resize: (size: { readonly columns: number; readonly rows: number }) => Promise<void>;
}

/** Until the output ends. Ctrl-C goes to the process when there is a terminal, else it detaches. */
export async function runAttached(
  io: CliIo,
  process: AttachedProcess,
  options: AttachmentOptions,
): Promise<void> {
  const isRaw = options.isTty && io.stdin.isTTY === true;
  const onResize = (): void => void options.resize(windowSize(io)).catch(() => undefined); // the process may have ended
  if (options.hasStdin) io.stdin.pipe(process.input);
  if (isRaw) io.stdin.setRawMode?.(true);
  if (options.isTty && io.stdout.isTTY) {
    onResize();
    io.stdout.on('resize', onResize);
  }
  try {
    await writeOutput(io, process.output);
  } finally {
    io.stdout.off('resize', onResize);
    if (isRaw) io.stdin.setRawMode?.(false);
    io.stdin.unpipe(process.input);
    io.stdin.pause();
    process.input.destroy();
  }
}

/** 80x24 where there is no terminal. */
export function windowSize(io: CliIo): { readonly columns: number; readonly rows: number } {
  return { columns: io.stdout.columns ?? 80, rows: io.stdout.rows ?? 24 };
}
