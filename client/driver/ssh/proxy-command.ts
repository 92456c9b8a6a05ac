/** ProxyCommand of an ssh config: a command of the user's own whose input and output are the way to the host (ssh_config(5)). */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { homedir, userInfo } from 'node:os';
import { Duplex, type Readable, type Writable } from 'node:stream';

import { NaruError } from '../../../core/errors.ts';
import type { SshHostOptions } from './host-options.ts';

/** What a name may not have, since it becomes part of a line that a shell reads; OpenSSH refuses the same. */
const NOT_IN_NAMES = /[\s'"`$\\;&<>|(){}*?!#~]|^-/;

/**
 * Starts the command through the user's shell, as ssh does. Its stderr is ours: what it says there is for the user.
 * The command ends when the stream is destroyed.
 *
 * @throws NaruError "invalid-argument" for a token that we do not know, or names a shell would misread
 */
export function openProxyCommand(
  command: string,
  host: SshHostOptions,
  env: Readonly<Record<string, string | undefined>>,
): Duplex {
  const line = expandTokens(command, host);
  const child =
    process.platform === 'win32'
      ? spawn(line, { shell: true, env, stdio: ['pipe', 'pipe', 'inherit'] })
      : spawn(env['SHELL'] || '/bin/sh', ['-c', `exec ${line}`], {
          env,
          stdio: ['pipe', 'pipe', 'inherit'],
        });
  return streamOf(child);
}

function streamOf(child: ChildProcessByStdio<Writable, Readable, null>): Duplex {
  const { stdin, stdout } = child;
  const stream = new Duplex({
    read: () => void stdout.resume(),
    write: (chunk: Uint8Array, _encoding, done) => void stdin.write(chunk, done),
    final: (done) => void stdin.end(done),
    destroy(error, done) {
      child.kill();
      done(error);
    },
  });
  stdout.on('data', (chunk: Uint8Array) => {
    if (!stream.push(chunk)) stdout.pause();
  });
  stdout.once('end', () => stream.push(null));
  for (const source of [child, stdin, stdout]) source.on('error', (error) => stream.destroy(error));
  return stream;
}

/** `%h`, `%n`, `%p`, `%r`, `%u`, `%d` and `%%`. */
export function expandTokens(command: string, host: SshHostOptions): string {
  const values: Readonly<Record<string, string>> = {
    '%': '%',
    h: host.hostName,
    n: host.alias,
    p: String(host.port),
    r: host.user,
    u: userInfo().username,
    d: homedir(),
  };
  return command.replace(/%(.?)/g, (token, name: string) => {
    const value = values[name];
    if (value === undefined) {
      throw new NaruError(
        'invalid-argument',
        'E_SSH_PROXY_COMMAND',
        `the ProxyCommand of ${host.label} has ${token}, which Naru does not know`,
        { hint: 'write what it stands for, or use ProxyJump' },
      );
    }
    if ('hnr'.includes(name) && NOT_IN_NAMES.test(value)) {
      throw new NaruError(
        'invalid-argument',
        'E_SSH_PROXY_COMMAND',
        `${JSON.stringify(value)} cannot stand in the ProxyCommand of ${host.label}: a shell would misread it`,
      );
    }
    return value;
  });
}
