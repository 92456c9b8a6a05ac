/** Questions of an SSH connection, asked at the terminal; without one nothing is trusted and no secret is known. */

import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

import { SILENT_PROMPTS, type SshPrompts } from '../driver/ssh/prompts.ts';
import type { CliIo } from './io.ts';

export function terminalPrompts(io: CliIo): SshPrompts {
  if (!io.stdin.isTTY || !io.stderr.isTTY) return SILENT_PROMPTS;
  return {
    async trustHostKey({ host, keyType, fingerprint }) {
      const answer = await ask(
        io,
        `The host ${host} is not known; its ${keyType} key is ${fingerprint}.\nTrust it and go on? (yes/no) `,
        true,
      );
      return answer?.toLowerCase() === 'yes';
    },
    passphrase: (keyFile) => ask(io, `Passphrase of ${keyFile}: `, false),
    password: (user, host) => ask(io, `Password of ${user}@${host}: `, false),
  };
}

/** One line; undefined at end of input. What is typed is shown only if `isShown`. */
function ask(io: CliIo, question: string, isShown: boolean): Promise<string | undefined> {
  io.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: io.stdin, output: isShown ? io.stderr : silent, terminal: true });
  return new Promise((resolve) => {
    reader.once('line', (line) => {
      if (!isShown) io.stderr.write('\n');
      resolve(line);
      reader.close();
    });
    reader.once('close', () => resolve(undefined));
  });
}
