/** Questions of an SSH connection, asked at the terminal; without one nothing is trusted and no secret is known. */

import { Writable } from 'node:stream';

import { NaruError } from '../../core/errors.ts';
import { SILENT_PROMPTS, type SshPrompts } from '../driver/ssh/prompts.ts';
import type { CliIo } from './io.ts';

/** `beforeAsking` makes room for a question, for example takes a status line away. */
export function terminalPrompts(io: CliIo, beforeAsking: () => void): SshPrompts {
  if (!io.stdin.isTTY || !io.stderr.isTTY) return SILENT_PROMPTS;
  const ask = (question: string, isShown: boolean): Promise<string | undefined> => {
    beforeAsking();
    return askLine(io, question, isShown);
  };
  return {
    async trustHostKey({ host, keyType, fingerprint }) {
      const answer = await ask(
        `The host ${host} is not known; its ${keyType} key is ${fingerprint}.\nTrust it and go on? (yes/no) `,
        true,
      );
      return answer?.toLowerCase() === 'yes';
    },
    passphrase: (keyFile) => ask(`Passphrase of ${keyFile}: `, false),
    password: (user, host) => ask(`Password of ${user}@${host}: `, false),
  };
}

/** One line; undefined at end of input. What is typed is shown only if `isShown`. @throws NaruError "cancelled" for Ctrl-C */
async function askLine(io: CliIo, question: string, isShown: boolean): Promise<string | undefined> {
  const { createInterface } = await import('node:readline');
  io.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: io.stdin, output: isShown ? io.stderr : silent, terminal: true });
  return new Promise((resolve, reject) => {
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
    reader.once('close', () => resolve(undefined));
  });
}
