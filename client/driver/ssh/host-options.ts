/**
 * How to reach an SSH host: what the user typed, completed from their ssh config.
 * `ssh -G` is the resolver, because it alone knows Include, Match and tokens; without an ssh program the defaults of OpenSSH apply.
 */

import { execFile } from 'node:child_process';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

import type { SshAddress } from './address.ts';

export interface SshHostOptions {
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  /** Name under which the host key is looked up: HostKeyAlias, else the host name. */
  readonly hostKeyName: string;
  /** Private keys to try, absolute paths, in order; they need not exist. */
  readonly identityFiles: readonly string[];
  /** Socket of the agent; undefined: none. */
  readonly agentSocket: string | undefined;
  /** The first is written to. */
  readonly knownHostsFiles: readonly string[];
}

/** Never throws: a broken or absent ssh config leaves the defaults. */
export async function resolveHostOptions(
  address: SshAddress,
  env: Readonly<Record<string, string | undefined>>,
): Promise<SshHostOptions> {
  const config = await readSshConfig(address, env);
  const one = (key: string): string | undefined => config.get(key)?.[0];
  const paths = (key: string): string[] =>
    (config.get(key) ?? []).flatMap((value) => value.split(' ')).map(expandHome);
  const hostName = one('hostname') ?? address.host;
  const identityFiles = (config.get('identityfile') ?? []).map(expandHome);
  const knownHosts = [...paths('userknownhostsfile'), ...paths('globalknownhostsfile')];
  return {
    hostName,
    port: address.port ?? Number(one('port') ?? 22),
    user: address.user ?? one('user') ?? userInfo().username,
    hostKeyName: one('hostkeyalias') ?? hostName,
    identityFiles:
      identityFiles.length > 0 ? identityFiles : DEFAULT_KEYS.map((name) => expandHome(`~/.ssh/${name}`)),
    agentSocket: agentOf(one('identityagent'), env),
    knownHostsFiles:
      knownHosts.length > 0 ? knownHosts : [expandHome('~/.ssh/known_hosts'), '/etc/ssh/ssh_known_hosts'],
  };
}

const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

function agentOf(
  configured: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (configured === 'none') return undefined;
  if (configured !== undefined && configured !== 'SSH_AUTH_SOCK') return expandHome(configured);
  return (
    env['SSH_AUTH_SOCK'] ?? (process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : undefined)
  );
}

function expandHome(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}

/** Keys lower case, every value in order; empty when there is no ssh program or it refuses. `NARU_SSH_CONFIG` names another config file. */
function readSshConfig(
  address: SshAddress,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const file = env['NARU_SSH_CONFIG'];
  const args = [
    '-G',
    ...(file ? ['-F', file] : []),
    ...(address.user ? ['-l', address.user] : []),
    ...(address.port ? ['-p', String(address.port)] : []),
    '--',
    address.host,
  ];
  return new Promise((resolve) => {
    execFile('ssh', args, { timeout: 10_000 }, (error, stdout) =>
      resolve(error ? new Map() : parseSshConfig(stdout)),
    );
  });
}

/** `key value` lines as `ssh -G` prints them. */
function parseSshConfig(text: string): ReadonlyMap<string, readonly string[]> {
  const config = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const blank = line.indexOf(' ');
    if (blank < 1) continue;
    const key = line.slice(0, blank).toLowerCase();
    config.set(key, [...(config.get(key) ?? []), line.slice(blank + 1).trim()]);
  }
  return config;
}
