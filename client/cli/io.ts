/** What a command may touch of the terminal, so that tests can hand in their own. */

import { setMaxListeners } from 'node:events';
import type { Readable, Writable } from 'node:stream';

export interface CliIo {
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP, with an `Interruption` as its reason; a second one ends the process. */
  readonly signal: AbortSignal;
  /** Signals go to `take` instead, until the answer is called; three Ctrl-C or SIGTERM end the process all the same. */
  readonly takeSignals?: (take: (name: NodeJS.Signals) => void) => () => void;
}

/** Why `CliIo.signal` was aborted. */
export class Interruption extends Error {
  /** As a shell tells it: 128 and the signal's number. */
  readonly exitCode: number;

  constructor(name: NodeJS.Signals) {
    super(`interrupted by ${name}`);
    this.name = 'Interruption';
    this.exitCode = 128 + (NUMBERS[name] ?? 0);
  }
}

const NUMBERS: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 };
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What can be passed on besides; Node keeps SIGUSR1 for its debugger. */
const PASSED = ['SIGQUIT', 'SIGUSR2', 'SIGCONT'] as const;
const MAX_TAKEN = 3;

/** The real terminal. Signals are ours until `letGo` is called; from then on they end the process, as they do without us. */
export function processIo(): CliIo & { readonly letGo: () => void } {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // as many requests as there are names on the command line
  let take: ((name: NodeJS.Signals) => void) | undefined;
  let nTaken = 0;
  const onSignal = (name: NodeJS.Signals): void => {
    const interruption = new Interruption(name);
    if (take !== undefined) {
      if (name === 'SIGINT' || name === 'SIGTERM') nTaken += 1;
      if (nTaken >= MAX_TAKEN) {
        // The words and the code of docker's CLI (28.5.2).
        process.stderr.write(`\nnaru: got ${MAX_TAKEN} SIGTERM/SIGINTs, forcefully exiting\n`);
        process.exit(1);
      }
      take(name);
      return;
    }
    if (controller.signal.aborted) process.exit(interruption.exitCode);
    controller.abort(interruption);
  };
  for (const name of ENDING) process.on(name, onSignal);
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    // Asked for when it is needed: a verb that needs none runs in a folder that is gone too.
    get cwd() {
      return process.cwd();
    },
    signal: controller.signal,
    letGo() {
      for (const name of [...ENDING, ...PASSED]) process.off(name, onSignal);
    },
    takeSignals(taker) {
      take = taker;
      for (const name of PASSED) process.on(name, onSignal);
      return () => {
        take = undefined;
        for (const name of PASSED) process.off(name, onSignal);
      };
    },
  };
}
