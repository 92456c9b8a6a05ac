/** A process attached to this terminal: input, output, window size, raw mode, detach keys; everything restored at the end, whatever ended it. */

import { DetachKeys } from '../../core/engine-api/detach-keys.ts';
import { NaruError } from '../../core/errors.ts';
import type { AttachedProcess } from '../driver/engine/streams.ts';
import type { CliIo } from './io.ts';
import { writeOutput } from './output.ts';

export interface AttachmentOptions {
  readonly hasStdin: boolean;
  readonly isTty: boolean;
  /** `ctrl-p,ctrl-q` when absent; they are looked for in what is typed at a terminal. */
  readonly detachKeys?: string;
  /** Called with the window's size at once and whenever it changes; only with a terminal. */
  readonly resize: (size: WindowSize) => Promise<void>;
}

export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

/** Until the output ends or the detach keys are typed. @throws NaruError "cancelled" when we are told to end; whatever breaks the stream */
export async function runAttached(
  io: CliIo,
  process: AttachedProcess,
  options: AttachmentOptions,
): Promise<'ended' | 'detached'> {
  const isRaw = options.isTty && options.hasStdin && io.stdin.isTTY === true;
  const onResize = (): void => void options.resize(windowSize(io)).catch(() => undefined); // the process may have ended
  const terminal = isRaw ? openRawInput(io, process, options.detachKeys) : undefined;
  if (options.hasStdin && !isRaw) io.stdin.pipe(process.input);
  if (options.isTty && io.stdout.isTTY) {
    onResize();
    io.stdout.on('resize', onResize);
  }
  const interruption = whenAborted(io.signal);
  const output = writeOutput(io, process.output).then(() => (terminal?.isDetached() ? 'detached' : 'ended'));
  output.catch(() => undefined); // it may break off when we leave
  try {
    return await Promise.race([
      output,
      interruption.aborted,
      ...(terminal === undefined ? [] : [terminal.left]),
    ]);
  } finally {
    interruption.forget();
    terminal?.restore();
    io.stdout.off('resize', onResize);
    io.stdin.unpipe(process.input);
    io.stdin.pause();
    process.input.destroy();
  }
}

/** 80x24 where there is no terminal. */
export function windowSize(io: CliIo): WindowSize {
  return { columns: io.stdout.columns ?? 80, rows: io.stdout.rows ?? 24 };
}

/** @throws NaruError "invalid-argument": a terminal was asked for and our input is none */
export function demandTerminal(io: CliIo, { isTty, hasStdin }: { isTty: boolean; hasStdin: boolean }): void {
  if (!isTty || !hasStdin || io.stdin.isTTY === true) return;
  throw new NaruError('invalid-argument', 'E_NO_TERMINAL', 'the input device is not a TTY', {
    hint: 'leave out -t to send it something through a pipe',
  });
}

interface RawInput {
  readonly isDetached: () => boolean;
  /** A while after the detach keys, for an engine that does not end the stream. */
  readonly left: Promise<'detached'>;
  readonly restore: () => void;
}

/** The engine ends the stream itself when it sees the keys; this long it may take. */
const DETACH_TIMEOUT_MS = 1000;

/**
 * Every key goes to the engine, Ctrl-C and the detach keys included: it is the engine that leaves the process running then.
 * We look for them, too, to know why the stream ended.
 */
function openRawInput(io: CliIo, process: AttachedProcess, spelling: string | undefined): RawInput {
  const keys = new DetachKeys(spelling);
  let isDetached = false;
  let timer: NodeJS.Timeout | undefined;
  let onData: (chunk: Uint8Array) => void = () => undefined;
  const left = new Promise<'detached'>((resolve) => {
    onData = (chunk) => {
      process.input.write(chunk);
      if (!keys.accept(chunk).isDetach) return;
      isDetached = true;
      timer = setTimeout(() => resolve('detached'), DETACH_TIMEOUT_MS);
    };
  });
  const onEnd = (): void => void process.input.end();
  io.stdin.setRawMode?.(true);
  io.stdin.on('data', onData);
  io.stdin.on('end', onEnd);
  io.stdin.resume();
  return {
    isDetached: () => isDetached,
    left,
    restore: () => {
      clearTimeout(timer);
      io.stdin.off('data', onData);
      io.stdin.off('end', onEnd);
      io.stdin.setRawMode?.(false);
    },
  };
}

function whenAborted(signal: AbortSignal): { readonly aborted: Promise<never>; readonly forget: () => void } {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(new NaruError('cancelled', 'E_CANCELLED', 'cancelled', { cause: signal.reason }));
  });
  aborted.catch(() => undefined); // nobody may be waiting any more
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return { aborted, forget: () => signal.removeEventListener('abort', onAbort) };
}
