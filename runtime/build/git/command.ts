/**
 * Runs the host's own git for ADD and for contexts.
 * Nothing of the user's or the system's git and SSH configuration is used, no key of this host is offered, and nobody is asked for a password.
 */

import { dirname } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import { type ExecResult, execStatus } from '../../host/exec.ts';

export interface GitAccess {
  /** Socket of the client's SSH agent while git runs; undefined: there is none. */
  readonly agentSocket: string | undefined;
  readonly signal: AbortSignal;
}

/** In a directory that exists; it counts as git's home. @throws NaruError "unavailable" where git is not installed, "cancelled" */
export function git(argv: readonly string[], folder: string, access: GitAccess): Promise<ExecResult> {
  const { agentSocket, signal } = access;
  return execStatus(['git', '-c', 'protocol.ext.allow=never', '-c', 'protocol.file.allow=never', ...argv], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      ...(agentSocket === undefined ? {} : { SSH_AUTH_SOCK: agentSocket }),
      GIT_SSH_COMMAND: sshCommand(agentSocket !== undefined),
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      GIT_CEILING_DIRECTORIES: dirname(folder),
      LC_ALL: 'C',
    },
    signal,
  });
}

/** What git said, in BuildKit's shape. */
export function gitFailure(what: string, { stderr }: ExecResult): NaruError {
  const said = withoutPasswords(lastWords(stderr));
  const hint = /Permission denied|publickey/.test(said)
    ? { hint: 'give the build your SSH agent: --ssh default' }
    : {};
  return new NaruError('unavailable', 'E_GIT', `${what}: git stderr:\n${said}`, hint);
}

/** Without lines of progress, each of which overwrites the one before: what they ended as is not what went wrong. */
function lastWords(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.replace(/\r+$/, '').replace(/^.*\r/s, ''));
  return lines.join('\n').trim();
}

/** An address as messages may show it. */
export function withoutPasswords(text: string): string {
  return text.replaceAll(/(\w+:\/\/[^\s/:@]*):[^\s/@]+@/g, '$1:xxxxx@');
}

/**
 * Docker: the host's key is taken as it comes (BuildKit asks for it just before, 28.5.2), so the agent and not the key decides what can be read.
 * What is fetched is as safe as the network; a commit in the address or `--checksum` pins it.
 */
function sshCommand(hasAgent: boolean): string {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'GlobalKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
    'IdentityFile=none',
    ...(hasAgent ? [] : ['IdentityAgent=none']),
  ];
  return ['ssh -F /dev/null', ...options.map((option) => `-o ${option}`)].join(' ');
}
