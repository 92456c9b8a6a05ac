/** The naru command line in this process: the same code as the bundle, without the half second a process needs to read it. */

import { PassThrough } from 'node:stream';

import { Interruption } from '../../client/cli/io.ts';
import { runCli } from '../../client/cli/run.ts';
import type { CommandResult } from './docker-cli.ts';

export interface NaruOptions {
  /** What comes on stdin, which then ends; absent: nothing comes. */
  readonly input?: string | Uint8Array;
  /** A terminal of this size instead of pipes; its stdin stays open. */
  readonly terminal?: { readonly columns: number; readonly rows: number };
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Aborting interrupts it, as Ctrl-C does. */
  readonly signal?: AbortSignal;
}

export interface RunningNaru {
  readonly result: Promise<CommandResult>;
  /** What was written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Keys, as a terminal in raw mode sends them. */
  readonly type: (text: string) => void;
  /** As the window of a terminal does when somebody pulls at it. */
  readonly resize: (columns: number, rows: number) => void;
  readonly isRaw: () => boolean;
  /** As if the process got the signal. */
  readonly interrupt: (name: NodeJS.Signals) => void;
}

/** Runs `naru --host HOST …args` to its end; never throws for an exit code. */
export function runNaru(
  host: string,
  args: readonly string[],
  options: NaruOptions = {},
): Promise<CommandResult> {
  return startNaru(host, args, options).result;
}

/** The same, to be watched and typed at. */
export function startNaru(host: string, args: readonly string[], options: NaruOptions = {}): RunningNaru {
  const { terminal } = options;
  const [stdout, stderr] = [collecting(terminal), collecting(terminal)];
  let isRaw = false;
  const stdin = Object.assign(new PassThrough(), {
    isTTY: terminal !== undefined,
    setRawMode: (value: boolean) => (isRaw = value),
  });
  if (terminal === undefined) stdin.end(options.input ?? '');
  const controller = new AbortController();
  options.signal?.addEventListener('abort', () => controller.abort(options.signal?.reason), { once: true });
  let take: ((name: NodeJS.Signals) => void) | undefined;
  const result = runCli(['--host', host, ...args], {
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: { ...process.env, ...options.env },
    cwd: options.cwd ?? process.cwd(),
    signal: controller.signal,
    takeSignals: (taker) => {
      take = taker;
      return () => (take = undefined);
    },
  }).then((status) => ({ status, stdout: stdout.text(), stderr: stderr.text() }));
  return {
    result,
    stdout: stdout.text,
    stderr: stderr.text,
    type: (text) => void stdin.write(text),
    resize: (columns, rows) => {
      Object.assign(stdout.stream, { columns, rows });
      stdout.stream.emit('resize');
    },
    isRaw: () => isRaw,
    interrupt: (name) => (take === undefined ? controller.abort(new Interruption(name)) : take(name)),
  };
}

function collecting(terminal: NaruOptions['terminal']): {
  readonly stream: PassThrough;
  readonly text: () => string;
} {
  const stream = Object.assign(new PassThrough(), terminal === undefined ? {} : { isTTY: true, ...terminal });
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return { stream, text: () => text };
}
