/** How long a host may take to let us in. The time that a person takes over a question is not the host's. */

import type { Asking, SshPrompts } from './prompts.ts';

export interface Patience {
  /** The same questions; while one stands, the time does not run. */
  readonly prompts: SshPrompts;
  /** The login is over: stops the time and withdraws the question that stands. */
  readonly end: () => void;
}

/** Calls `onTired` once the host has taken `limitMs` of its own. */
export function startPatience(asked: SshPrompts, limitMs: number, onTired: () => void): Patience {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const run = (): void => {
    clearTimeout(timer);
    if (!over.signal.aborted) timer = setTimeout(onTired, limitMs);
  };
  /** The host begins anew with each answer. */
  const whileAsking = async <T>(ask: (asking: Asking) => Promise<T>, asking?: Asking): Promise<T> => {
    clearTimeout(timer);
    try {
      return await ask({ ...asking, signal: over.signal });
    } finally {
      run();
    }
  };
  run();
  return {
    prompts: {
      trustHostKey: (question, asking) => whileAsking((how) => asked.trustHostKey(question, how), asking),
      passphrase: (keyFile, asking) => whileAsking((how) => asked.passphrase(keyFile, how), asking),
      password: (user, host, asking) => whileAsking((how) => asked.password(user, host, how), asking),
    },
    end() {
      clearTimeout(timer);
      over.abort();
    },
  };
}
