/**
 * How to reach an SSH host: what the user typed, completed from their ssh config.
 * `ssh -G` is the resolver, because it alone knows Include, Match and tokens.
 */

import { execFile } from 'node:child_process';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import { formatSshAddress, type SshAddress } from './address.ts';

export interface SshHostOptions {
  /** As the user named it, for messages: `box`, `root@10.0.0.2:2222`. */
  readonly label: string;
  /** The host as the user wrote it, before the config gave it another name. */
  readonly alias: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  /** Name under which the host key is looked up: HostKeyAlias, else the host name. */
  readonly hostKeyName: string;
  /** Private keys to try, absolute paths, in order; they need not exist. */
  readonly identityFiles: readonly string[];
  /** IdentitiesOnly: of the agent's keys only those that `identityFiles` name. */
  readonly isIdentitiesOnly: boolean;
  /** Socket of the agent; undefined: none. */
  readonly agentSocket: string | undefined;
  /** The first is written to. */
  readonly knownHostsFiles: readonly string[];
  /** StrictHostKeyChecking, for keys that are not known yet. */
  readonly unknownKeys: 'ask' | 'accept' | 'refuse';
  /** The config says `StrictHostKeyChecking no`, which is not followed: changed keys would pass, too. */
  readonly wantsNoCheck: boolean;
  /** Hosts to go through, nearest first. */
  readonly proxyJumps: readonly string[];
  /** With its tokens. */
  readonly proxyCommand: string | undefined;
  readonly addressFamily: 4 | 6 | undefined;
  /** Address of this machine to connect from. */
  readonly bindAddress: string | undefined;
}

/**
 * Without an ssh program the defaults of OpenSSH apply.
 *
 * @throws NaruError "invalid-argument" when ssh cannot read the config, or it has an option that decides who is reached and that we cannot follow
 */
export async function resolveHostOptions(
  address: SshAddress,
  env: Readonly<Record<string, string | undefined>>,
): Promise<SshHostOptions> {
  const config = await readSshConfig(address, env);
  const one = (key: string): string | undefined => config.get(key)?.[0];
  const paths = (key: string): string[] =>
    (config.get(key) ?? []).flatMap((value) => value.split(' ')).map(expandHome);
  const label = formatSshAddress(address);
  refuseUnknown(config, label);
  const hostName = one('hostname') ?? address.host;
  const identityFiles = (config.get('identityfile') ?? []).map(expandHome);
  const knownHosts = [...paths('userknownhostsfile'), ...paths('globalknownhostsfile')];
  const strict = one('stricthostkeychecking') ?? 'ask';
  const isSet = (value: string | undefined): value is string => value !== undefined && value !== 'none';
  const [jumps, command] = [one('proxyjump'), one('proxycommand')];
  return {
    label,
    alias: address.host,
    unknownKeys: strict === 'accept-new' ? 'accept' : ['true', 'yes'].includes(strict) ? 'refuse' : 'ask',
    wantsNoCheck: ['false', 'no', 'off'].includes(strict),
    proxyJumps: isSet(jumps) ? jumps.split(',').map((name) => name.trim()) : [],
    proxyCommand: isSet(command) ? command : undefined,
    addressFamily: FAMILIES[one('addressfamily') ?? ''],
    bindAddress: one('bindaddress'),
    hostName,
    port: address.port ?? Number(one('port') ?? 22),
    user: address.user ?? one('user') ?? userInfo().username,
    hostKeyName: one('hostkeyalias') ?? hostName,
    identityFiles:
      identityFiles.length > 0 ? identityFiles : DEFAULT_KEYS.map((name) => expandHome(`~/.ssh/${name}`)),
    isIdentitiesOnly: one('identitiesonly') === 'yes',
    agentSocket: agentOf(one('identityagent'), env),
    knownHostsFiles:
      knownHosts.length > 0 ? knownHosts : [expandHome('~/.ssh/known_hosts'), '/etc/ssh/ssh_known_hosts'],
  };
}

const FAMILIES: Readonly<Record<string, 4 | 6>> = { inet: 4, inet6: 6 };

/** Options that decide who is reached or trusted, and that we cannot follow; by the key of `ssh -G`. */
const REFUSED: readonly (readonly [key: string, name: string])[] = [
  ['bindinterface', 'BindInterface'],
  ['proxyusefdpass', 'ProxyUseFdpass'],
  ['revokedhostkeys', 'RevokedHostKeys'],
];

function refuseUnknown(config: ReadonlyMap<string, readonly string[]>, label: string): void {
  for (const [key, name] of REFUSED) {
    const value = config.get(key)?.[0] ?? 'no';
    if (value === 'no' || value === 'none') continue;
    throw new NaruError(
      'invalid-argument',
      'E_SSH_OPTION',
      `your ssh config says ${name} ${value} for ${label}, which Naru cannot follow`,
      { hint: 'leave it out for this host, or name another config file with NARU_SSH_CONFIG' },
    );
  }
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

/** Keys lower case, every value in order; empty when there is no ssh program. `NARU_SSH_CONFIG` names another config file. */
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
  return new Promise((resolve, reject) => {
    execFile('ssh', args, { timeout: 10_000 }, (error, stdout, stderr) => {
      if (!error) resolve(parseSshConfig(stdout));
      else if (error.code === 'ENOENT') resolve(new Map());
      else reject(unreadable(address, stderr, error));
    });
  });
}

/** Going on with defaults could reach another machine than the config means. */
function unreadable(address: SshAddress, stderr: string, cause: Error): NaruError {
  const said =
    stderr
      .trim()
      .split(/\r?\n/)[0]
      ?.replace(/(\\x0d|\r)$/, '') || 'it did not answer';
  return new NaruError(
    'invalid-argument',
    'E_SSH_CONFIG',
    `ssh cannot read your config for ${formatSshAddress(address)}: ${said}`,
    { hint: `see what it says: ssh -G ${address.host}`, cause },
  );
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
