/** Questions of an SSH connection, asked at the terminal; without one nothing is trusted and no secret is known. */

import { Writable } from 'node:stream';

import { NaruError } from '../../core/errors.ts';
import { type Asking, SILENT_PROMPTS, type SshPrompts } from '../driver/ssh/prompts.ts';
import type { CliIo } from './io.ts';

/** `beforeAsking` makes room for a question, for example takes a status line away. */
export function terminalPrompts(io: CliIo, beforeAsking: () => void): SshPrompts {
  if (!io.stdin.isTTY || !io.stderr.isTTY) return SILENT_PROMPTS;
  const ask = (question: string, isShown: boolean, asking?: Asking): Promise<string | undefined> => {
    beforeAsking();
    if (asking?.isAgain) io.stderr.write('That was not it. Try again.\n');
    return askLine(io, question, isShown, asking?.signal);
  };
  return {
    async trustHostKey({ host, keyType, fingerprint }, asking) {
      const answer = await ask(
        `The host ${host} is not known; its ${keyType} key is ${fingerprint}.\nTrust it and go on? (yes/no) `,
        true,
        asking,
      );
      return answer?.toLowerCase() === 'yes';
    },
    passphrase: (keyFile, asking) => ask(`Passphrase of ${keyFile}: `, false, asking),
    password: (user, host, asking) => ask(`Password of ${user}@${host}: `, false, asking),
  };
}

/** One line; undefined at end of input, or when the question is withdrawn. What is typed is shown only if `isShown`. @throws NaruError "cancelled" for Ctrl-C */
async function askLine(
  io: CliIo,
  question: string,
  isShown: boolean,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { createInterface } = await import('node:readline');
  io.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: io.stdin, output: isShown ? io.stderr : silent, terminal: true });
  return new Promise((resolve, reject) => {
    const withdraw = (): void => {
      io.stderr.write('\n');
      reader.close();
    };
    signal?.addEventListener('abort', withdraw, { once: true });
    reader.once('SIGINT', () => {
      reject(new NaruError('cancelled', 'E_CANCELLED', 'the question was not answered'));
      io.stderr.write('\n');
      reader.close();
    });
    reader.once('line', (line) => {
      if (!isShown) io.stderr.write('\n');
      resolve(line);
      reader.close();
    });
    reader.once('close', () => {
      signal?.removeEventListener('abort', withdraw);
      resolve(undefined);
    });
  });
}
